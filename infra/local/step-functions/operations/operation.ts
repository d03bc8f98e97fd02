import { z } from 'zod';
import { ServiceError } from '../service-error.ts';

/** One action of the service: takes the request's JSON, answers the response's. Dates are seconds since 1970. */
export type Operation = (request: unknown) => Promise<Readonly<Record<string, unknown>>>;

/** Actions by name, as `X-Amz-Target: AWSStepFunctions.<name>` asks for them. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * An action whose request is checked before it runs.
 *
 * @throws {ServiceError} ValidationException where the request is not of its shape.
 */
export function operation<Shape extends z.ZodType>(
  shape: Shape,
  run: (request: z.infer<Shape>) => object | Promise<object>,
): Operation {
  return async (request) => {
    const parsed = shape.safeParse(request);
    if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error));
    return { ...(await run(parsed.data)) };
  };
}

/** A time as JSON 1.0 carries it. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;

/** The longest payload text the API takes: it counts characters, the state machine bytes. */
export const Payload = z.string().max(262_144);

/** Page sizes: 0 means the default of 100. */
export const MaxResults = z.int().min(0).max(1000).default(100);

const DEFAULT_PAGE = 100;

/**
 * One page of a list, and where the next one begins.
 *
 * @throws {ServiceError} InvalidToken where the token is none of ours.
 */
export function pageOf<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: { readonly maxResults: number; readonly nextToken?: string | undefined },
  keyOf: (item: Item) => string,
): { readonly page: readonly Item[]; readonly nextToken?: string } {
  const size = maxResults || DEFAULT_PAGE;
  const from = nextToken === undefined ? 0 : items.findIndex((item) => keyOf(item) === readToken(nextToken)) + 1;
  const page = items.slice(from, from + size);
  const last = page.at(-1);
  return last === undefined || from + size >= items.length ? { page } : { page, nextToken: writeToken(keyOf(last)) };
}

/** The token that names the last item of a page. */
export const writeToken = (key: string): string => Buffer.from(`page:${key}`).toString('base64');

/** @throws {ServiceError} InvalidToken. */
export function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('page:')) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
  return text.slice('page:'.length);
}
