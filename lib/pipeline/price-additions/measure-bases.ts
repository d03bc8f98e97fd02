import type { AdditionsPointer } from '../../domain/additions-pointer.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { LAKE } from '../../names/lake-keys.ts';
import { TABLES } from '../../names/tables.ts';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfig } from '../../ports/partner-config.ts';
import { isDue, percentageRulesInOrder } from '../../rules/added-rows.ts';
import { deliveredColumn as column, DELIVERED_COLUMNS } from '../../rules/delivered-columns.ts';
import {
  type PercentageBase,
  type PercentageRule,
  percentageBase,
  percentageBasesSelect,
} from '../../rules/percentage-bases.ts';
import { join, sql } from '../../sql/sql.ts';
import { inRulesDatabase } from '../rules-database.ts';
import { Publication } from '../split-bill/publication.ts';
import { readLakeJson } from '../split-bill/read-lake-json.ts';
import { inWorkFolder } from '../work-folder.ts';
import { fetchResultFiles, type LocalFile } from './fetch-result-files.ts';

interface World {
  readonly lake: ObjectStore;
  readonly openDatabase: OpenDatabase;
  readonly memoryMegabytes: number;
}

/**
 * What the customers' published rows of a period come to under each percentage rule, per integration: a filter reads the
 * delivered row, the sum is of what is charged for it. Nothing is read where no such rule is due.
 */
export async function measureBases(
  world: World,
  {
    period,
    sources,
    config,
  }: {
    period: BillingPeriod;
    sources: AdditionsPointer['sources'];
    config: Pick<PartnerConfig, 'rules' | 'customers'>;
  },
): Promise<readonly PercentageBase[]> {
  const rules = percentageRulesInOrder(config.rules).filter(({ rule }) => isDue(rule, period));
  const customers = config.customers.filter(({ id }) =>
    rules.some(({ rule }) => rule.customers === 'all' || rule.customers.includes(id)),
  );
  if (customers.length === 0) return [];
  const bases: PercentageBase[] = [];
  for (const { runId } of sources) {
    const { lists } = await readLakeJson(world.lake, LAKE.publication(runId), Publication);
    const ofCustomers = lists.filter(({ owner }) => customers.some(({ id }) => id === owner));
    bases.push(...(await inWorkFolder((folder) => measureRun(world, { rules, lists: ofCustomers, folder }))));
  }
  return bases;
}

async function measureRun(
  world: World,
  { rules, lists, folder }: { rules: readonly PercentageRule[]; lists: Publication['lists']; folder: string },
): Promise<readonly PercentageBase[]> {
  const charges = await fetchResultFiles(world.lake, lists, { table: TABLES.customerCharges, folder });
  const costs = await fetchResultFiles(world.lake, lists, { table: TABLES.costs, folder });
  if (charges.length === 0) return [];
  return await inRulesDatabase(world, folder, async (database) => {
    await showCharged(database, { charges, costs });
    const rows = await database.rows(percentageBasesSelect(rules));
    return rows.map((row) => percentageBase(rules, row));
  });
}

/** The relation `charged`: a row of a tier stands beside the whole delivered row it is a part of. */
async function showCharged(
  database: Database,
  { charges, costs }: { charges: readonly LocalFile[]; costs: readonly LocalFile[] },
): Promise<void> {
  const delivered = DELIVERED_COLUMNS.filter((name) => name !== 'x_Owner').map((name) => sql`costs.${column(name)}`);
  const paths = (files: readonly LocalFile[]) => join(files.map(({ path }) => sql`${path}`));
  const owners = join(charges.map(({ owner, path }) => sql`(${path}, ${owner})`));
  await database.run(
    sql`CREATE TEMP VIEW charged AS SELECT ${delivered}, owners.owner AS ${column('x_Owner')}, charges."BilledCost" AS "x_ChargedBilledCost"
FROM read_parquet([${paths(charges)}], filename = true) AS charges
JOIN (VALUES ${owners}) AS owners (path, owner) ON charges.filename = owners.path
JOIN read_parquet([${paths(costs)}]) AS costs ON costs."x_RowId" = split_part(charges."x_RowId", '/', 1)`.text,
  );
}
