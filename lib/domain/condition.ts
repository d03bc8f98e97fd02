import { z } from 'zod';
import { ColumnField } from './filter-field.ts';
import { parsePattern } from './filter-pattern.ts';
import { plainText } from './plain-text.ts';

/** Limits of one filter: groups inside one another, leaves, and values of all leaves together. */
const DEPTH_MAX = 8;
const LEAVES_MAX = 200;
const VALUES_MAX = 1_000;

/** Operators that compare with values; any one value is enough (`notIn`: none of them). */
export const ValueOperator = z.enum(['in', 'notIn', 'startsWith', 'contains', 'wildcard', 'matches']);
export type ValueOperator = z.infer<typeof ValueOperator>;

/** Operators that ask only whether there is a value. */
export const ExistenceOperator = z.enum(['exists', 'notExists']);
export type ExistenceOperator = z.infer<typeof ExistenceOperator>;

const Values = z.array(plainText({ charactersMin: 0, charactersMax: 4_096 })).min(1);
const TagKey = plainText({ charactersMin: 1, charactersMax: 1_024 });

/** One test of one column, or of one tag by its key. On a null value or an absent key: `notIn` and `notExists` hold, the rest do not. */
export const Leaf = z.discriminatedUnion(
  'op',
  [
    z.discriminatedUnion('field', [
      z.strictObject({ field: ColumnField, op: ValueOperator, values: Values }).check(refuseForeignPatterns),
      z
        .strictObject({ field: z.literal('Tags'), key: TagKey, op: ValueOperator, values: Values })
        .check(refuseForeignPatterns),
    ]),
    z.discriminatedUnion('field', [
      z.strictObject({ field: ColumnField, op: ExistenceOperator }),
      z.strictObject({ field: z.literal('Tags'), key: TagKey, op: ExistenceOperator }),
    ]),
  ],
  { error: unknownName },
);
export type Leaf = z.infer<typeof Leaf>;

/** A leaf that compares with values. */
export type ValueLeaf = Extract<Leaf, { op: ValueOperator }>;

/** A filter as a tree of leaves. */
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;

const All = z.strictObject({
  get all(): z.ZodArray<z.ZodType<Condition>> {
    return z.array(Tree).min(1);
  },
});
const Any = z.strictObject({
  get any(): z.ZodArray<z.ZodType<Condition>> {
    return z.array(Tree).min(1);
  },
});
const Not = z.strictObject({
  get not(): z.ZodType<Condition> {
    return Tree;
  },
});
const Tree: z.ZodType<Condition> = z.union([All, Any, Not, Leaf], { error: innermost }).meta({ id: 'ConditionTree' });

/**
 * The wire form of a rule's filter (`pricing.md` §4): `{all}`, `{any}`, `{not}` over leaves `{field, key?, op, values?}`.
 * Its size is checked before its form, so that a tree of a million levels is refused like any other.
 */
export const Condition: z.ZodType<Condition> = z
  .preprocess((input, context) => {
    for (const message of excesses(input)) context.issues.push({ code: 'custom', message, input });
    return input;
  }, Tree)
  .meta({ id: 'Condition' });

/** What is too large about a filter of any form. Walks with a list of its own: the call stack is the attacker's. */
function excesses(input: unknown): string[] {
  const open: { node: unknown; depth: number }[] = [{ node: input, depth: 0 }];
  let leaves = 0;
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (typeof node !== 'object' || node === null) continue;
    const children = childrenOf(node);
    if (children === undefined) leaves += 1;
    if ('values' in node && Array.isArray(node.values)) values += node.values.length;
    if (depth >= DEPTH_MAX && children !== undefined)
      return [`groups may stand in one another ${DEPTH_MAX} deep at most`];
    if (leaves > LEAVES_MAX) return [`at most ${LEAVES_MAX} tests in one filter`];
    if (values > VALUES_MAX) return [`at most ${VALUES_MAX} values in one filter`];
    for (const child of children ?? []) open.push({ node: child, depth: depth + 1 });
  }
  return [];
}

function childrenOf(node: object): readonly unknown[] | undefined {
  if ('all' in node && Array.isArray(node.all)) return node.all;
  if ('any' in node && Array.isArray(node.any)) return node.any;
  if ('not' in node) return [node.not];
  return undefined;
}

/** A union fails for every form at once; only what is wrong under the form that was meant helps. */
function innermost(issue: { readonly input?: unknown; readonly errors?: readonly (readonly z.core.$ZodIssue[])[] }) {
  const { input, errors } = issue;
  if (typeof input !== 'object' || input === null) return 'a test {field, op, values}, or {all}, {any} or {not}';
  const form = ['all', 'any', 'not'].findIndex((name) => name in input);
  const first = errors?.[form === -1 ? 3 : form]?.[0];
  if (first === undefined) return undefined;
  const path = first.path.map((step) => `/${String(step)}`).join('');
  return path === '' || first.message.startsWith('/') ? `${path}${first.message}` : `${path}: ${first.message}`;
}

function unknownName(issue: { readonly code?: string; readonly input?: unknown }) {
  const { input } = issue;
  if (issue.code !== 'invalid_union' || typeof input !== 'object' || input === null) return undefined;
  return `one of ${[...ValueOperator.options, ...ExistenceOperator.options].join(', ')}`;
}

/** A regular expression that not every engine reads as RE2 does. */
function refuseForeignPatterns({
  value: { op, values },
  issues,
}: z.core.ParsePayload<{ op: ValueOperator; values: string[] }>) {
  if (op !== 'matches') return;
  for (const [at, input] of values.entries()) {
    const parsed = parsePattern(input);
    if ('wrong' in parsed)
      issues.push({ code: 'custom', path: ['values', at], message: `no filter takes ${parsed.wrong}`, input });
  }
}
