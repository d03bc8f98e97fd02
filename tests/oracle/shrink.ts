import type { Scene } from './price-bill.ts';
import type { Filter, Rule } from './rule.ts';

/**
 * The smallest case found that still differs: rows, rules, owners, parts of filters and cells are left out one after the
 * other for as long as the difference stays.
 */
export async function shrink(scene: Scene, differs: (scene: Scene) => Promise<boolean>): Promise<Scene> {
  let smallest = scene;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of candidates(smallest)) {
      if (!(await differs(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function* candidates(scene: Scene): Generator<Scene> {
  const { rows, rules, assignments } = scene;
  for (const part of halves(rows)) yield { ...scene, rows: part };
  for (const part of halves(rules)) yield { ...scene, rules: part };
  for (const part of halves(assignments)) yield { ...scene, assignments: part };
  for (const [at, rule] of rules.entries())
    for (const simpler of simplerRules(rule)) yield { ...scene, rules: rules.with(at, simpler) };
  for (const [at, row] of rows.entries()) {
    const used = Object.entries(row).filter(([name, value]) => value !== null && !KEPT.has(name));
    for (const [name] of used) yield { ...scene, rows: rows.with(at, { ...row, [name]: null }) };
  }
}

/** Without these a row is no row. */
const KEPT: ReadonlySet<string> = new Set(['x_RowId', 'x_IntegrationId', 'ChargePeriodStart', 'SubAccountId']);

/** A list without its first or second half, then without each one of its members. */
function* halves<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  const middle = Math.ceil(values.length / 2);
  if (values.length > 3) yield* [values.slice(0, middle), values.slice(middle)];
  for (const at of values.keys()) yield values.toSpliced(at, 1);
}

function* simplerRules(rule: Rule): Generator<Rule> {
  if (!('filter' in rule) || rule.filter === undefined) return;
  const { filter, ...without } = rule;
  yield without as Rule;
  for (const simpler of simplerFilters(filter)) yield { ...rule, filter: simpler };
}

function* simplerFilters(filter: Filter): Generator<Filter> {
  if ('not' in filter) yield filter.not;
  else if ('all' in filter)
    yield* [...filter.all, ...(filter.all.length > 1 ? [...halves(filter.all)].map((all) => ({ all })) : [])];
  else if ('any' in filter)
    yield* [...filter.any, ...(filter.any.length > 1 ? [...halves(filter.any)].map((any) => ({ any })) : [])];
  else if (filter.values !== undefined && filter.values.length > 1)
    for (const values of halves(filter.values)) yield { ...filter, values };
}
