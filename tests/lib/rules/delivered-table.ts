import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { openDuckdb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { SPLIT_COLUMNS, SQL_TYPES } from '../../../lib/focus/split-columns.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { amountsOf } from '../../../lib/rules/amounts.ts';
import { DELIVERED_COLUMNS, type DeliveredColumn } from '../../../lib/rules/delivered-columns.ts';
import type { DeliveredRow } from '../../../lib/rules/delivered-row.ts';
import { DUCKDB_MACROS } from '../../../lib/sql/duckdb-macros.ts';
import { join, type Sql, sql } from '../../../lib/sql/sql.ts';

/** A delivered row as a test writes it: text for every column, tags as an object; what is left out is null or a plain default. */
export type RowOfTest = { readonly [Column in Exclude<DeliveredColumn, 'Tags'>]?: string | null } & {
  readonly Tags?: Readonly<Record<string, string>> | null;
};

export const CONTOSO = 'cus_contoso00000';
export const FABRIKAM = 'cus_fabrikam0000';

const DEFAULTS: RowOfTest = {
  BillingCurrency: 'USD',
  ChargeCategory: 'Usage',
  ChargePeriodStart: '2025-03-10 00:00:00.000',
  x_Owner: CONTOSO,
  x_IntegrationId: 'bill',
  x_RowId: 'row-1',
};

/** A DuckDB with everything that compiled rules call. */
export async function openForRules(): Promise<Database> {
  const folder = mkdtempSync(joinPath(tmpdir(), 'apportion-rules-'));
  const database = await openDuckdb({ folder, memoryMegabytes: 512, threads: 2 });
  for (const macro of DUCKDB_MACROS) await database.run(macro);
  return database;
}

/** Puts these rows, and no others, into the relation `delivered`. */
export async function deliver(database: Database, rows: readonly RowOfTest[]): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE delivered (${DELIVERED_COLUMNS.map((name) => `"${name}" ${typeOf(name)}`).join(', ')})`,
  );
  if (rows.length === 0) return;
  const values = rows.map((row) => sql`(${DELIVERED_COLUMNS.map((name) => cell(name, { ...DEFAULTS, ...row }))})`);
  await database.run(sql`INSERT INTO delivered VALUES ${join(values)}`.text);
}

/** The same row as the meaning in memory reads it. */
export function inMemory(row: RowOfTest): DeliveredRow {
  const whole = { ...DEFAULTS, ...row };
  const { Tags = null, CommitmentDiscountId = null, ChargePeriodStart, x_Owner, ...text } = whole;
  return {
    ...amountsOf((column) => {
      const amount = whole[column] ?? null;
      return amount === null ? null : new ExactDecimal(amount);
    }),
    text,
    PricingQuantity: text.PricingQuantity ? new ExactDecimal(text.PricingQuantity) : null,
    Tags,
    CommitmentDiscountId,
    ChargePeriodStart: `${(ChargePeriodStart ?? '').replace(' ', 'T')}Z`,
    x_Owner: x_Owner ?? '',
  };
}

function typeOf(name: DeliveredColumn): string {
  if (name === 'Tags') return 'MAP(VARCHAR, VARCHAR)';
  const type = SPLIT_COLUMNS[name];
  return type === undefined ? 'VARCHAR' : SQL_TYPES[type];
}

function cell(name: DeliveredColumn, row: RowOfTest): Sql {
  if (name === 'Tags') return tags(row.Tags ?? null);
  const value = row[name] ?? null;
  return value === null ? sql`NULL` : sql`${value}`;
}

function tags(value: Readonly<Record<string, string>> | null): Sql {
  if (value === null) return sql`NULL`;
  const [keys, values] = [Object.keys(value), Object.values(value)];
  if (keys.length === 0) return sql`MAP {}`;
  return sql`MAP([${keys.map((key) => sql`${key}`)}], [${values.map((one) => sql`${one}`)}])`;
}
