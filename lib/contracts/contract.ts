import type { z } from 'zod';
import type { ProblemCode } from '../domain/problem.ts';
import type { Tag } from './tags.ts';

/** Who may call an operation: the partner's own people, or a customer tenant's user (who sees only its own). */
export type Role = 'partner' | 'customer';

/** An object schema, or nothing. */
type Shape = z.ZodObject | undefined;

/**
 * One API operation: the only place that says its method, path, shapes and who may call it. Validation, types, the
 * OpenAPI document, the routes, the client of the command line and the access matrix derive from it.
 */
export interface Contract<
  Path extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Answer extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A POST that changes nothing; everything else but GET is audited as a change. */
  readonly readOnly?: true;
  /** With `{name}` for path parameters. */
  readonly path: `/v1/${string}`;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Empty: open to everybody, without a token. */
  readonly roles: readonly Role[];
  readonly params?: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly status: 200 | 201 | 202 | 204;
  /** Where the work may go on after the answer, which then names the job and is of the same schema. */
  readonly alsoStatus?: 202;
  readonly answer?: Answer;
  /** `required`: the call must carry If-Match (428 without, 412 when stale). */
  readonly ifMatch?: 'required';
  /** The answer carries an ETag to send back in If-Match. */
  readonly etag?: true;
  /** Problems of its own, beside those that every operation can answer. */
  readonly problems: readonly ProblemCode[];
}

/** The parsed value of an optional schema. */
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request of an operation after parsing, with the caller that the token and the registry prove. */
export type RequestOf<C extends Contract> =
  C extends Contract<infer Path, infer Query, infer Body, infer _Answer>
    ? {
        readonly caller: Caller;
        readonly params: Parsed<Path>;
        readonly query: Parsed<Query>;
        readonly body: Parsed<Body>;
        /** The version named in If-Match, where the contract asks for it. */
        readonly ifMatchVersion: number | undefined;
      }
    : never;

/** What an operation answers; `version` becomes the ETag. */
export type AnswerOf<C extends Contract> =
  C extends Contract<infer _Path, infer _Query, infer _Body, infer Answer>
    ? {
        readonly body: Answer extends z.ZodType ? z.input<Answer> : undefined;
        readonly version?: number;
        readonly status?: 202;
      }
    : never;

/** Who calls: proved by the token's `sub` and the registry on every request. */
export type Caller =
  | { readonly role: 'partner'; readonly sub: string }
  | { readonly role: 'customer'; readonly sub: string; readonly customerId: string };

/** Declares a contract, keeping the types of its schemas. */
export function contract<
  const Path extends Shape = undefined,
  const Query extends Shape = undefined,
  const Body extends z.ZodType | undefined = undefined,
  const Answer extends z.ZodType | undefined = undefined,
>(declared: Contract<Path, Query, Body, Answer>): Contract<Path, Query, Body, Answer> {
  return declared;
}
