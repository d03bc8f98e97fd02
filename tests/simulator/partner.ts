import { z } from 'zod';
import type { HttpRequest } from '../../lib/api/http.ts';
import { RuleId } from '../../lib/domain/ids.ts';
import { apiOf, PARTNER_SUB } from './api.ts';
import type { FaultClass } from './faults.ts';
import type { World } from './world.ts';

/** A request as the partner makes it. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** An ETag that was read before. */
  readonly ifMatch?: string;
  readonly newRuleId?: RuleId;
}

/** What came back; a body is whatever JSON it was. */
export interface Response {
  readonly status: number;
  readonly etag: string;
  readonly body: unknown;
}

const ProblemBody = z.looseObject({ code: z.string() });
/** Refusals that tell of a mistake in the request itself: the partner that is played makes none. */
const MISTAKES: ReadonlySet<number> = new Set([400, 401, 403, 405, 413, 415, 428, 501]);

/** The partner at the API: makes requests, each an invocation of the api function under its faults. */
export class Partner {
  readonly #world: World;
  readonly #found: string[] = [];
  readonly #created = new Map<number, number>();
  #changing = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Answers that no fault explains. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** Makes a change of several requests; whoever else is at one is seen. */
  async change(act: () => Promise<void>): Promise<void> {
    if (this.#changing > 0) this.note('two edits at once');
    this.#changing += 1;
    try {
      await act();
    } catch (error) {
      this.#found.push(`the partner could not go on: ${error instanceof Error ? error.stack : error}`);
    } finally {
      this.#changing -= 1;
    }
  }

  note(what: FaultClass): void {
    this.#world.occurrences.note(what);
  }

  /** An id for a rule that is created, by which rule it is and how often it was. */
  freshRuleId(variant: number): RuleId {
    const times = this.#created.get(variant) ?? 0;
    this.#created.set(variant, times + 1);
    return RuleId.parse(`rul_${String(times * 10 + variant).padStart(12, '0')}`);
  }

  /** The answer, where there is one and it is no refusal; a refused or lost request leaves the partner with nothing. */
  async ask(request: Request): Promise<Response | undefined> {
    const { method, path, query = {}, body, ifMatch, newRuleId } = request;
    const http: HttpRequest = {
      ...{ method, path, query, params: {}, claims: { token_use: 'access', sub: PARTNER_SUB } },
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
    const outcome = await this.#world.functions.run('api', { method, path, query, body }, async (ports) => {
      const { status, headers, body: text } = await apiOf(ports, newRuleId)(http);
      return { status, etag: headers.etag ?? '', body: text === '' ? null : JSON.parse(text) };
    });
    if (outcome.kind === 'threw') this.#say(request, `broke off: ${outcome.error.stack}`);
    if (outcome.kind !== 'answered') return undefined;
    const response = outcome.answer as Response;
    if (response.status < 300) return response;
    const { code } = ProblemBody.parse(response.body);
    if (MISTAKES.has(response.status)) this.#say(request, `was refused as ${code}: ${JSON.stringify(response.body)}`);
    return undefined;
  }

  #say({ method, path }: Request, what: string): void {
    const isExplained = this.#world.faults.some((fault) => fault.kind === 'call' && fault.in === 'api');
    if (!isExplained) this.#found.push(`${method} ${path} ${what}`);
  }
}
