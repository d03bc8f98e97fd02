import { join, type Sql, sql } from './sql.ts';

/** One branch of a CASE: its condition, its result. */
export interface Branch {
  readonly when: Sql;
  readonly value: Sql;
}

/**
 * A flat searched CASE; without branches just its `otherwise`. Never nest one in another's ELSE: 1,000 levels fail in
 * both engines where 3,000 flat branches pass. All values must be of one SQL type: DuckDB cuts digits silently.
 */
export function caseWhen(branches: readonly Branch[], otherwise: Sql): Sql {
  if (branches.length === 0) return otherwise;
  const whens = branches.map(({ when, value }) => sql`WHEN ${when} THEN ${value}`);
  return sql`CASE ${join(whens, '\n    ')} ELSE ${otherwise} END`;
}
