import { join as joinPath } from 'node:path';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { Problem } from '../../domain/problem.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import type { Database } from '../../ports/database.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { literal } from '../../sql/literal.ts';
import { join } from '../../sql/sql.ts';
import { ADDED_COLUMNS, chargesRow, valuesOf, waterfallRow } from './added-row-columns.ts';

/** A file of additions on the worker's own disk. */
export interface AdditionsFile {
  readonly table: keyof typeof ADDED_COLUMNS;
  readonly customerId: string;
  readonly path: string;
}

/** Writes one customer's additions as Parquet, its ledger and the waterfall beside it, and checks them (`pricing.md` §5 d). */
export async function writeAdditions(
  database: Database,
  rows: readonly AddedRow[],
  to: { folder: string; customerId: string; period: BillingPeriod; partnerName: string },
): Promise<readonly AdditionsFile[]> {
  const { folder, customerId } = to;
  const charges = {
    table: 'customer_charges',
    customerId,
    path: joinPath(folder, `charges-${customerId}.parquet`),
  } as const;
  const waterfall = {
    table: 'waterfall',
    customerId,
    path: joinPath(folder, `waterfall-${customerId}.parquet`),
  } as const;
  await writeParquet(
    database,
    charges,
    rows.map((row) => chargesRow(row, to)),
  );
  await writeParquet(database, waterfall, rows.map(waterfallRow));
  await requireEqual(database, rows, { ...charges, columns: COST_COLUMNS });
  await requireEqual(database, rows, { ...waterfall, columns: COST_COLUMNS.map((cost) => `x_${cost}Delta`) });
  return [charges, waterfall];
}

async function writeParquet(
  database: Database,
  { table, path }: AdditionsFile,
  rows: readonly Parameters<typeof valuesOf>[1][],
) {
  const columns = ADDED_COLUMNS[table];
  const definitions = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  await database.run(`CREATE OR REPLACE TEMP TABLE added (${definitions.join(', ')})`);
  await database.run(`INSERT INTO added VALUES ${join(rows.map((row) => valuesOf(columns, row))).text}`);
  await database.run(`COPY added TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

/** Σ rows written = Σ their rules' amounts, per currency and in each column, read back from the file. */
async function requireEqual(
  database: Database,
  rows: readonly AddedRow[],
  { path, customerId, columns }: AdditionsFile & { readonly columns: readonly string[] },
): Promise<void> {
  const sums = columns.map((column) => `CAST(sum("${column}") AS VARCHAR) AS "${column}"`);
  const written = await database.rows(
    `SELECT "BillingCurrency", ${sums.join(', ')} FROM read_parquet(${literal(path)}) GROUP BY ALL`,
  );
  for (const [currency, due] of Map.groupBy(rows, (row) => row.currency)) {
    const expected = decimalString(due.reduce((sum, { amount }) => sum.plus(amount), new ExactDecimal(0)));
    const found = written.find(({ BillingCurrency }) => BillingCurrency === currency);
    for (const column of columns) {
      const actual = decimalString(new ExactDecimal(found?.[column] ?? 0));
      if (actual !== expected) {
        const check = 'additions written = Σ their rules’ amounts';
        throw new Problem('not_reconciled', { check, owner: customerId, currency, column, expected, actual });
      }
    }
  }
}
