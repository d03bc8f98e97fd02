import { columnNamesOf, isTree, literalOf, type SqlTree, treesOf } from './sql-tree.ts';
import type { TableReference } from './table-reference.ts';

/** Three-valued: `undefined` where the condition also depends on something that is not known here. */
type Verdict = boolean | undefined;

/** Order of text is by code point in Trino and DuckDB alike. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const isInteger = (text: string): boolean => /^-?\d+$/.test(text);

/** Integers of different length: whether they compare as numbers or as text depends on the column's type. */
const isDoubtful = (a: string, b: string): boolean => isInteger(a) && isInteger(b) && a.length !== b.length;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  COMPARE_EQUAL: (order) => order === 0,
  COMPARE_NOTEQUAL: (order) => order !== 0,
  COMPARE_LESSTHAN: (order) => order < 0,
  COMPARE_LESSTHANOREQUALTO: (order) => order <= 0,
  COMPARE_GREATERTHAN: (order) => order > 0,
  COMPARE_GREATERTHANOREQUALTO: (order) => order >= 0,
};

/** Does a column reference mean this column of this mention of the table? */
function means(node: unknown, reference: TableReference, column: string): boolean {
  const names = columnNamesOf(node);
  if (names?.at(-1) !== column) return false;
  const owner = names.at(-2);
  return owner === undefined || owner === reference.alias;
}

const and = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);
const or = (verdicts: readonly Verdict[]): Verdict => not(and(verdicts.map(not)));

const atMost = (a: string | undefined, b: string | undefined): Verdict =>
  a === undefined || b === undefined || isDoubtful(a, b) ? undefined : compare(a, b) <= 0;

/** The value of a literal, or of a partition column; undefined for all else. */
type Known = (node: unknown) => string | undefined;

function verdictOf(node: SqlTree, known: Known): Verdict {
  const children = treesOf(node.children);
  const all = () => children.map((child) => verdictOf(child, known));
  switch (node.type) {
    case 'CONJUNCTION_AND':
      return and(all());
    case 'CONJUNCTION_OR':
      return or(all());
    case 'OPERATOR_NOT':
      return not(all()[0]);
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN': {
      const [left, ...list] = children.map(known);
      if (left === undefined) return undefined;
      const found = or(list.map((value) => (value === undefined ? undefined : value === left)));
      return node.type === 'COMPARE_IN' ? found : not(found);
    }
    case 'COMPARE_BETWEEN': {
      const [input, lower, upper] = [node.input, node.lower, node.upper].map(known);
      return and([atMost(lower, input), atMost(input, upper)]);
    }
    default: {
      const holds = COMPARISONS[String(node.type)];
      const [left, right] = [known(node.left), known(node.right)];
      if (!holds || left === undefined || right === undefined || isDoubtful(left, right)) return undefined;
      return holds(compare(left, right));
    }
  }
}

/** False when no row of a partition with these values (column → text) can meet the mention's conditions. */
export function mayMatch(reference: TableReference, values: ReadonlyMap<string, string>): boolean {
  const known: Known = (node) => literalOf(node) ?? [...values].find(([column]) => means(node, reference, column))?.[1];
  return and(reference.conditions.map((condition) => verdictOf(condition, known))) !== false;
}

type Values = ReadonlySet<string> | undefined;

const both = (a: Values, b: Values): Values => (a && b ? new Set([...a].filter((value) => b.has(value))) : (a ?? b));

function valuesIn(node: SqlTree, is: (node: unknown) => boolean): Values {
  const children = treesOf(node.children);
  switch (node.type) {
    case 'CONJUNCTION_AND':
      return children.map((child) => valuesIn(child, is)).reduce<Values>(both, undefined);
    case 'CONJUNCTION_OR': {
      const sets = children.map((child) => valuesIn(child, is));
      return sets.every((set) => set !== undefined) ? new Set(sets.flatMap((set) => [...set])) : undefined;
    }
    case 'COMPARE_IN': {
      const literals = children.slice(1).map(literalOf);
      return is(children[0]) && literals.every((text) => text !== undefined) ? new Set(literals) : undefined;
    }
    case 'COMPARE_EQUAL': {
      const text = is(node.left) ? literalOf(node.right) : is(node.right) ? literalOf(node.left) : undefined;
      return text === undefined ? undefined : new Set([text]);
    }
    default:
      return undefined;
  }
}

/** The values an injected column is held to by equality with literals; undefined when nothing holds it. */
export function staticValues(reference: TableReference, column: string): readonly string[] | undefined {
  const found = reference.conditions
    .filter(isTree)
    .map((condition) => valuesIn(condition, (node) => means(node, reference, column)))
    .reduce<Values>(both, undefined);
  return found && [...found];
}
