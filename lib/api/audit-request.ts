import type { Caller, Contract } from '../contracts/contract.ts';
import { PROBLEMS, Problem } from '../domain/problem.ts';
import type { AuditLog, AuditRecord } from '../ports/audit-log.ts';
import type { Clock, FreshUuid } from '../ports/clock.ts';

/** What auditing reaches outside. */
export interface AuditWorld {
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly freshUuid: FreshUuid;
  /** Told of an outcome that could not be written; the change itself, and that it was asked for, stand. */
  readonly onLostOutcome: (error: unknown) => void;
}

/** A request of one operation as parsed. */
interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifMatchVersion: number | undefined;
}

/** DynamoDB's item limit is 400 KB in UTF-8: a request that would not be accepted anyway may be longer. */
const REQUEST_BYTES_MOST = 300_000;

/** True for operations that change something. */
export function isMutating({ method, readOnly }: Contract): boolean {
  return method !== 'GET' && readOnly !== true;
}

/**
 * Runs a change between two lines of the audit. Nothing is changed whose asking could not be written down; what came of
 * it is written afterwards.
 */
export async function audited<Answer>(
  world: AuditWorld | undefined,
  { contract, caller, asked }: { contract: Contract; caller: Caller; asked: Asked },
  change: () => Promise<Answer>,
): Promise<Answer> {
  if (world === undefined || !isMutating(contract)) return await change();
  const requestId = world.freshUuid();
  const write = (line: Pick<AuditRecord, 'kind'> & Partial<AuditRecord>) =>
    world.log.append({
      at: world.clock.now().toISOString(),
      requestId,
      operationId: contract.operationId,
      sub: caller.sub,
      ...line,
    });
  const { ifMatchVersion, ...request } = asked;
  await write({
    kind: 'asked',
    request: beginningOf(JSON.stringify(request)),
    ...(ifMatchVersion === undefined ? {} : { ifMatchVersion }),
  });
  const outcome = (line: Pick<AuditRecord, 'status' | 'code'>) =>
    write({ kind: 'answered', ...line }).catch(world.onLostOutcome);
  try {
    const answer = await change();
    await outcome({ status: contract.status });
    return answer;
  } catch (error) {
    await outcome(refusal(error));
    throw error;
  }
}

/** As many whole characters as fit. */
function beginningOf(text: string): string {
  const bytes = Buffer.from(text, 'utf-8').subarray(0, REQUEST_BYTES_MOST);
  return new TextDecoder().decode(bytes, { stream: true });
}

function refusal(error: unknown): { status: number; code: string } {
  if (!(error instanceof Problem)) return { status: 500, code: 'internal' };
  const problem: Problem = error;
  return { status: PROBLEMS[problem.code].status, code: problem.code };
}
