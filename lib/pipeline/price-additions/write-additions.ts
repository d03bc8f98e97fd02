import { join as joinPath } from 'node:path';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { Problem } from '../../domain/problem.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { Database } from '../../ports/database.ts';
import { literal } from '../../sql/literal.ts';
import { join } from '../../sql/sql.ts';
import { ADDED_COLUMNS, valuesOf } from './added-columns.ts';
import type { AdditionRow, TextRow } from './addition-row.ts';
import { sumOf } from './summarise-additions.ts';

/** A file of additions on the worker's own disk. */
export interface AdditionsFile {
  readonly table: keyof typeof ADDED_COLUMNS;
  readonly customerId: string;
  readonly path: string;
}

/** Writes one customer's additions as Parquet, its ledger and the waterfall beside it, and checks them (`pricing.md` §5 d). */
export async function writeAdditions(
  database: Database,
  rows: readonly AdditionRow[],
  { folder, customerId }: { folder: string; customerId: string },
): Promise<readonly AdditionsFile[]> {
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
    rows.map((row) => row.charges),
  );
  await writeParquet(
    database,
    waterfall,
    rows.map((row) => row.waterfall),
  );
  await requireEqual(database, rows, { ...charges, columnOf: (cost) => cost });
  await requireEqual(database, rows, { ...waterfall, columnOf: (cost) => `x_${cost}Delta` });
  return [charges, waterfall];
}

async function writeParquet(database: Database, { table, path }: AdditionsFile, rows: readonly TextRow[]) {
  const columns = ADDED_COLUMNS[table];
  const definitions = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  await database.run(`CREATE OR REPLACE TEMP TABLE added (${definitions.join(', ')})`);
  await database.run(`INSERT INTO added VALUES ${join(rows.map((row) => valuesOf(columns, row))).text}`);
  await database.run(`COPY added TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

/** Σ rows written = Σ what they were made of, per currency and in each column, read back from the file. */
async function requireEqual(
  database: Database,
  rows: readonly AdditionRow[],
  { path, customerId, columnOf }: AdditionsFile & { readonly columnOf: (cost: CostColumn) => string },
): Promise<void> {
  const sums = COST_COLUMNS.map((cost) => `CAST(sum("${columnOf(cost)}") AS VARCHAR) AS "${columnOf(cost)}"`);
  const written = await database.rows(
    `SELECT "BillingCurrency", ${sums.join(', ')} FROM read_parquet(${literal(path)}) GROUP BY ALL`,
  );
  for (const [currency, due] of Map.groupBy(rows, (row) => row.currency)) {
    const found = written.find(({ BillingCurrency }) => BillingCurrency === currency);
    for (const cost of COST_COLUMNS) {
      const [column, expected] = [columnOf(cost), sumOf(due, cost)];
      const actual = decimalString(new ExactDecimal(found?.[column] ?? 0));
      if (actual !== expected) {
        const check = 'additions written = Σ their rules’ amounts';
        throw new Problem('not_reconciled', { check, owner: customerId, currency, column, expected, actual });
      }
    }
  }
}
