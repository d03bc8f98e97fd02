import { compileComparison } from './comparison.ts';

/** Whether an event is one that a rule wants. */
export type EventPattern = (event: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Compiles the pattern of a rule: every field named must match, a field's list matches if one of its items does, a
 * list in the event matches if one of its elements does, `$or` matches if one of its patterns does.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws Error where EventBridge would answer InvalidEventPatternException: an unknown operator, a bare value.
 */
export function compileEventPattern(pattern: unknown): EventPattern {
  if (!isFields(pattern) || Object.keys(pattern).length === 0)
    throw new Error('an event pattern must be an object with a field');
  return compileFields(pattern, '');
}

function compileFields(pattern: Fields, path: string): EventPattern {
  const parts = Object.entries(pattern).map(([field, wanted]): ((event: Fields) => boolean) => {
    const at = path === '' ? field : `${path}.${field}`;
    if (field === '$or') {
      const ways = compileWays(wanted, path, at);
      return (event) => ways.some((matches) => matches(event));
    }
    if (Array.isArray(wanted)) {
      const matches = compileLeaf(wanted, at);
      return (event) => matches(event[field]);
    }
    if (!isFields(wanted)) throw new Error(`${at} must be an object or an array`);
    const matches = compileFields(wanted, at);
    return (event) => {
      const inner = event[field];
      return Array.isArray(inner) ? inner.some(matches) : matches(isFields(inner) ? inner : {});
    };
  });
  return (event) => isFields(event) && parts.every((matches) => matches(event));
}

function compileWays(ways: unknown, path: string, at: string): readonly EventPattern[] {
  if (!Array.isArray(ways) || ways.length < 2) throw new Error(`${at} must be an array of two patterns or more`);
  return ways.map((way: unknown) => {
    if (!isFields(way)) throw new Error(`${at} must hold patterns`);
    return compileFields(way, path);
  });
}

/** `exists` looks at whether there is a leaf at all, every other comparison at each leaf value. */
function compileLeaf(wanted: readonly unknown[], at: string): (value: unknown) => boolean {
  if (wanted.length === 0) throw new Error(`${at} must not be empty`);
  const comparisons = wanted.map((item) => compileComparison(item, at));
  return (value) => {
    const leaves: readonly unknown[] = (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]).filter(
      (leaf) => leaf !== undefined && (typeof leaf !== 'object' || leaf === null),
    );
    return comparisons.some((comparison) =>
      'exists' in comparison ? comparison.exists === leaves.length > 0 : leaves.some(comparison.matches),
    );
  };
}
