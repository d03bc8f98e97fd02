import { z } from 'zod';
import { Reason } from '../../domain/delivery.ts';
import { ERROR_NAMES } from '../../names/error-names.ts';

/** An error as a state's Catch hands it on (Step Functions, "Error output"), or as an execution ended with it. */
export const CaughtError = z.object({ Error: z.string(), Cause: z.string().optional() });
export type CaughtError = z.infer<typeof CaughtError>;

/** How a run or delivery ends that did not end well, and what people are told. */
export interface Ending {
  readonly status: 'Quarantined' | 'Failed' | 'Superseded';
  readonly reason: Reason | null;
}

/** A Lambda's error is the cause of its state's: `{ errorType, errorMessage, trace }`. */
const LambdaCause = z.object({ errorMessage: z.string() });
const QueryStatus = z.object({
  Status: z.object({ State: z.string(), StateChangeReason: z.string().optional() }),
});
/** A failed `.sync` state of Athena: its query, bare or in its envelope. */
const QueryCause = z.union([z.object({ QueryExecution: QueryStatus }), QueryStatus]);

/** Names that the service itself gives to a worker that was not heard of. */
const UNHEARD = new Set<string>([ERROR_NAMES.workerFailed, 'States.Timeout', 'States.HeartbeatTimeout']);

/**
 * What an error of a state means for the delivery or run. `step` is where it was; `reference` is what finds the logs of
 * a fault that is ours.
 */
export function endingOf(error: CaughtError, { step, reference }: { step: string; reference: string }): Ending {
  const cause = error.Cause ?? '';
  if (error.Error === ERROR_NAMES.superseded) return { status: 'Superseded', reason: null };
  const told = problemIn(cause);
  if (error.Error === ERROR_NAMES.quarantined && told) return { status: 'Quarantined', reason: told };
  const query = parsed(cause, QueryCause);
  if (query) {
    const { State, StateChangeReason } = 'QueryExecution' in query ? query.QueryExecution.Status : query.Status;
    return {
      status: 'Failed',
      reason: { code: 'query_failed', details: { step, reason: StateChangeReason ?? State } },
    };
  }
  if (UNHEARD.has(error.Error))
    return { status: 'Failed', reason: told ?? { code: 'worker_failed', details: { step, reason: error.Error } } };
  return { status: 'Failed', reason: { code: 'internal', details: { reference } } };
}

/** The problem that a failed token carries as its cause, or a Lambda as its error's message. */
function problemIn(cause: string): Reason | undefined {
  const thrown = parsed(cause, LambdaCause);
  return parsed(thrown?.errorMessage ?? cause, Reason);
}

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
