import type { Condition, ValueLeaf } from '../../domain/condition.ts';
import type { Database } from '../../ports/database.ts';
import { compileCondition } from '../../rules/conditions/compile-condition.ts';
import { leavesOf } from '../../rules/conditions/leaves.ts';
import { subjectsOf } from '../../rules/conditions/subjects.ts';
import { pricedColumn as column } from '../../rules/priced-columns.ts';
import { type Sql, sql } from '../../sql/sql.ts';

/** A value, or without one a tag key, that no row has, and the one that looks most like it. */
export interface ClosestValue {
  readonly field: string;
  readonly key?: string;
  readonly value?: string;
  readonly closest: string;
}

/** Enough for a person to see the mistake; each costs a pass over the rows. */
const ANSWERS_MOST = 10;
const CHARACTERS_COMPARED = 200;

/** For a filter that matches nothing: which of its values no row of `delivered` has, and what was probably meant. */
export async function closestValues(database: Database, filter: Condition): Promise<readonly ClosestValue[]> {
  const answers: ClosestValue[] = [];
  for (const { leaf, isNegated } of leavesOf(filter)) {
    if (isNegated || !('values' in leaf) || leaf.op === 'notIn') continue;
    for (const value of leaf.values) {
      if (answers.length >= ANSWERS_MOST) return answers;
      const answer = await closestTo(database, { ...leaf, values: [value] }, value);
      if (answer && !answers.some((known) => JSON.stringify(known) === JSON.stringify(answer))) answers.push(answer);
    }
  }
  return answers;
}

async function closestTo(database: Database, leaf: ValueLeaf, value: string): Promise<ClosestValue | undefined> {
  const subjects = subjectsOf([leaf]);
  const from = sql`(SELECT ${[sql`delivered.*`, ...subjects.computed]} FROM delivered)`;
  const [matching] = await database.rows(
    sql`SELECT 1 AS one FROM ${from} WHERE ${compileCondition(leaf, subjects)} LIMIT 1`.text,
  );
  if (matching) return undefined;
  const subject = leaf.field === 'Tags' ? subjects.read(leaf) : column(leaf.field);
  const closest = await nearest(database, sql`SELECT DISTINCT ${subject} AS known FROM ${from}`, value);
  if (leaf.field !== 'Tags') return closest === undefined ? undefined : { field: leaf.field, value, closest };
  if (closest !== undefined) return { field: leaf.field, key: leaf.key, value, closest };
  const keys = sql`SELECT DISTINCT keys.known FROM delivered CROSS JOIN UNNEST(map_keys(${column('Tags')})) AS keys (known)`;
  const key = await nearest(database, keys, leaf.key);
  return key === undefined ? undefined : { field: leaf.field, key: leaf.key, closest: key };
}

/** By the least number of changed letters, whatever their case. */
async function nearest(database: Database, known: Sql, text: string): Promise<string | undefined> {
  const start = (value: Sql) => sql`substr(lower(${value}), 1, ${CHARACTERS_COMPARED})`;
  const [found] = await database.rows(
    sql`SELECT known FROM (${known}) WHERE known IS NOT NULL
ORDER BY levenshtein_distance(${start(sql`known`)}, ${start(sql`${text}`)}), known LIMIT 1`.text,
  );
  return found?.known ?? undefined;
}
