import { dynamoDbProblem } from './dynamodb-problem.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (ClientRequestToken) */
const REMEMBERED_MILLISECONDS = 10 * 60 * 1000;

/** Remembers for ten minutes which transactions have succeeded, so that a repeated one is not done again. */
export class IdempotencyTokens {
  readonly #now: () => Date;
  readonly #done = new Map<string, { readonly request: string; readonly until: number }>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /**
   * @param request all of the request but the token, as text.
   * @throws DynamoDbProblem IdempotentParameterMismatchException when the token came with another request.
   */
  isDone(token: string, request: string): boolean {
    const known = this.#done.get(token);
    if (known === undefined || known.until <= this.#now().getTime()) return false;
    if (known.request === request) return true;
    throw dynamoDbProblem('IdempotentParameterMismatchException', 'The token was used with other parameters');
  }

  remember(token: string, request: string): void {
    const now = this.#now().getTime();
    for (const [old, { until }] of this.#done) if (until <= now) this.#done.delete(old);
    this.#done.set(token, { request, until: now + REMEMBERED_MILLISECONDS });
  }
}
