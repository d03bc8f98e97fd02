import { join } from 'node:path';
import { COSTS_COLUMNS } from '../../focus/result-columns.ts';
import { LAKE } from '../../names/lake-keys.ts';
import { TABLES } from '../../names/tables.ts';
import type { Database } from '../../ports/database.ts';
import { customerLedger } from '../../rules/customer-ledger.ts';
import { literal } from '../../sql/literal.ts';
import type { OwnerGroup } from './owner-groups.ts';
import type { Plan } from './plan.ts';
import { pricingOf } from './pricing-of.ts';
import type { ResultTable } from './shard-list.ts';
import { type OwnerRows, SHARD_ROWS } from './shard-rows.ts';

/** A result file on the worker's own disk. */
export interface WrittenFile {
  readonly table: ResultTable;
  readonly owner: string;
  readonly path: string;
  readonly rows: number;
}

/** What of a shard is written, by whose rules, and where to. */
interface Writing {
  readonly plan: Plan;
  readonly group: OwnerGroup;
  readonly folder: string;
  /** The most rules that one row of the shard has. */
  readonly steps: number;
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
 * Writes what each owner of a group gets of the table `shard_rows`: the cost ledger, and for a customer its charges and
 * the waterfall between the two. A table without rows has no file.
 */
export async function writeResults(database: Database, writing: Writing): Promise<readonly WrittenFile[]> {
  const { plan, group, steps } = writing;
  await database.run(
    `CREATE OR REPLACE TEMP VIEW priced AS SELECT * EXCLUDE (x_OwnerNumber) FROM ${SHARD_ROWS} WHERE ${whereOf(group)}`,
  );
  const costs = Object.keys(COSTS_COLUMNS).map((name) =>
    name === 'x_RunId' ? `${literal(plan.runId)} AS "x_RunId"` : `"${name}"`,
  );
  const written: WrittenFile[] = [];
  for (const owner of group)
    written.push(
      ...(await copy(database, writing, {
        table: TABLES.costs,
        owner,
        select: `SELECT ${costs.join(', ')} FROM ${SHARD_ROWS} WHERE ${whereOf([owner])}`,
      })),
    );
  const customers = plan.customers.filter(({ id }) => group.some(({ owner }) => owner === id));
  if (customers.length === 0) return written;
  const ids: ReadonlySet<string> = new Set(customers.map(({ id }) => id));
  const rules = plan.rules.filter(({ rule }) => rule.customers === 'all' || rule.customers.some((id) => ids.has(id)));
  const { compiled, form } = pricingOf(plan, rules);
  const ledger = customerLedger({ partnerName: plan.partner.name, customers, rules, form });
  const owners = group.filter(({ owner }) => ids.has(owner));
  return [
    ...written,
    ...(await copyEach(database, writing, { table: TABLES.customerCharges, owners, selects: [ledger] })),
    ...(await copyEach(database, writing, { table: TABLES.waterfall, owners, selects: compiled.waterfall(steps) })),
  ];
}

/** The rows of SELECTs over the group, made once, then a file of each owner's rows of them. */
async function copyEach(
  database: Database,
  writing: Writing,
  { table, owners, selects }: { table: ResultTable; owners: readonly OwnerRows[]; selects: readonly string[] },
): Promise<WrittenFile[]> {
  const ofOwner = (source: string, { owner }: OwnerRows) =>
    `SELECT * EXCLUDE (x_Owner) FROM ${source} WHERE x_Owner = ${literal(owner)}`;
  const [select = '', ...more] = selects;
  const [only, ...others] = owners;
  if (only && others.length === 0 && more.length === 0)
    return await copy(database, writing, { table, owner: only, select: ofOwner(`(${select})`, only) });
  const written: WrittenFile[] = [];
  await database.run(`CREATE OR REPLACE TEMP TABLE of_group AS ${select}`);
  for (const next of more) await database.run(`INSERT INTO of_group ${next}`);
  for (const owner of owners)
    written.push(...(await copy(database, writing, { table, owner, select: ofOwner('of_group', owner) })));
  await database.run('DROP TABLE of_group');
  return written;
}

async function copy(
  database: Database,
  { folder }: Writing,
  { table, owner, select }: { table: ResultTable; owner: OwnerRows; select: string },
): Promise<WrittenFile[]> {
  const path = join(folder, `${table}-${owner.number}.parquet`);
  const [copied] = await database.rows(`COPY (${select}) TO ${literal(path)} ${PARQUET}`);
  const rows = Number(copied?.Count);
  return rows === 0 ? [] : [{ table, owner: owner.owner, path, rows }];
}

/** The group's part of the table; the row numbers let DuckDB pass over all else. */
function whereOf(group: OwnerGroup): string {
  const last = group.at(-1) ?? group[0];
  return (
    `x_OwnerNumber BETWEEN ${group[0].number} AND ${last.number} ` +
    `AND rowid BETWEEN ${group[0].firstRow} AND ${last.lastRow}`
  );
}
