import { requireConditionKey } from './condition-keys.ts';
import { PolicyError } from './policy-error.ts';

/** Finds the value of a condition key; undefined when the request has none, or several. */
export type FindValue = (key: string) => string | undefined;

/** A part of a policy's text: a wildcard, or what stands for itself. */
type Piece = '*' | '?' | { readonly literal: string };
type Part = Piece | { readonly variable: string; readonly otherwise?: string | undefined };

/** A policy's text with wildcards and variables, taken apart once. */
export interface Pattern {
  readonly text: string;
  readonly parts: readonly Part[];
  /** Only where no part is a variable. */
  readonly fixed?: RegExp;
}

const PARTS = /\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g;
const VARIABLE = /^([^,\s]+)(?:\s*,\s*'(.*)')?$/;

/**
 * Takes a text apart. `${*}`, `${?}` and `${$}` stand for the characters themselves; any other `${…}` is a condition
 * key, perhaps with a default.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * @throws PolicyError for a key that is not known here.
 */
export function parsePattern(text: string): Pattern {
  const parts = [...text.matchAll(PARTS)].map(([found, variable]): Part => {
    if (variable === undefined) return found === '*' || found === '?' ? found : { literal: found };
    if (variable === '*' || variable === '?' || variable === '$') return { literal: variable };
    const [, key, otherwise] = VARIABLE.exec(variable) ?? [];
    if (key === undefined) throw new PolicyError(`the policy variable ${found} is malformed`);
    requireConditionKey(key);
    return { variable: key, otherwise };
  });
  const pieces = valued(parts, () => undefined);
  return { text, parts, ...(pieces === undefined ? {} : { fixed: regExpOf(pieces) }) };
}

/**
 * Whether a text is what the pattern says. A variable without a value makes the pattern match nothing: neither an
 * equal nor a like value exists.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function matchesPattern({ fixed, parts }: Pattern, text: string, find: FindValue): boolean {
  if (fixed !== undefined) return fixed.test(text);
  const pieces = valued(parts, find);
  return pieces !== undefined && regExpOf(pieces).test(text);
}

/** The pattern as plain text, `*` and `?` being nothing but characters; undefined where a variable has no value. */
export function plainText({ parts }: Pattern, find: FindValue): string | undefined {
  return valued(parts, find)
    ?.map((piece) => (typeof piece === 'string' ? piece : piece.literal))
    .join('');
}

function valued(parts: readonly Part[], find: FindValue): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (typeof part === 'string' || 'literal' in part) {
      pieces.push(part);
      continue;
    }
    const literal = find(part.variable) ?? part.otherwise;
    if (literal === undefined) return undefined;
    pieces.push({ literal });
  }
  return pieces;
}

function regExpOf(pieces: readonly Piece[]): RegExp {
  const source = pieces.map((piece) => {
    if (piece === '*') return '.*';
    return piece === '?' ? '.' : piece.literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su');
}
