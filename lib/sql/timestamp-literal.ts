import { type Sql, sql } from './sql.ts';

/** First instant of a day in UTC, as a TIMESTAMP without zone: the form both engines cast alike. */
export function startOfDay(day: string): Sql {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`${JSON.stringify(day)} is not a day`);
  return sql`CAST(${`${day} 00:00:00.000`} AS TIMESTAMP)`;
}
