import { join } from 'node:path';
import { COSTS_COLUMNS } from '../../focus/result-columns.ts';
import { LAKE } from '../../names/lake-keys.ts';
import { TABLES } from '../../names/tables.ts';
import type { Database } from '../../ports/database.ts';
import { compileRules } from '../../rules/compile-rules.ts';
import { customerLedger } from '../../rules/customer-ledger.ts';
import { literal } from '../../sql/literal.ts';
import type { Plan } from './plan.ts';
import type { ResultTable } from './shard-list.ts';
import { SHARD_ROWS } from './shard-rows.ts';

/** A result file on the worker's own disk. */
export interface WrittenFile {
  readonly table: ResultTable;
  readonly owner: string;
  readonly path: string;
  readonly rows: number;
}

/** Where a result file goes: each table's key by owner. */
export const KEY_OF_TABLE: Readonly<Record<ResultTable, typeof LAKE.costsFile>> = {
  [TABLES.customerCharges]: LAKE.chargesFile,
  [TABLES.waterfall]: LAKE.waterfallFile,
  [TABLES.costs]: LAKE.costsFile,
};

/** Enough rows that a reader skips well, few enough that a writer holds one in memory. */
const PARQUET = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)';

/**
 * Writes what one owner gets of the table `shard_rows`: the cost ledger, and for a customer its charges and the waterfall
 * between the two. A table without rows has no file.
 */
export async function writeResults(
  database: Database,
  { plan, owner, number, folder }: { plan: Plan; owner: string; number: number; folder: string },
): Promise<readonly WrittenFile[]> {
  const copy = async (table: ResultTable, select: string): Promise<WrittenFile[]> => {
    const path = join(folder, `${table}-${number}.parquet`);
    const [copied] = await database.rows(`COPY (${select}) TO ${literal(path)} ${PARQUET}`);
    const rows = Number(copied?.Count);
    return rows === 0 ? [] : [{ table, owner, path, rows }];
  };
  await database.run(
    `CREATE OR REPLACE TEMP VIEW priced AS SELECT * EXCLUDE (x_OwnerNumber) FROM ${SHARD_ROWS} WHERE x_OwnerNumber = ${number}`,
  );
  const costs = Object.keys(COSTS_COLUMNS).map((name) =>
    name === 'x_RunId' ? `${literal(plan.runId)} AS "x_RunId"` : `"${name}"`,
  );
  const written = await copy(TABLES.costs, `SELECT ${costs.join(', ')} FROM priced`);
  const customer = plan.customers.find(({ id }) => id === owner);
  if (customer === undefined) return written;
  const rules = plan.rules.filter(({ rule }) => rule.customers === 'all' || rule.customers.includes(customer.id));
  const compiled = compileRules(rules, { precedence: plan.partner.precedence, runId: plan.runId });
  const ledger = customerLedger({ partnerName: plan.partner.name, customers: [customer] });
  const ofCustomer = (select: string) =>
    `SELECT * EXCLUDE (x_Owner) FROM (${select}) WHERE x_Owner = ${literal(customer.id)}`;
  return [
    ...written,
    ...(await copy(TABLES.customerCharges, ofCustomer(ledger))),
    ...(await copy(TABLES.waterfall, ofCustomer(compiled.waterfall))),
  ];
}
