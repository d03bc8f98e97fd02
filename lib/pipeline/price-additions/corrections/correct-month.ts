import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorrectionSource } from '../../../domain/additions-pointer.ts';
import { type BillingPeriod, boundsOf } from '../../../domain/billing-period.ts';
import type { ConfigHistory } from '../../../domain/config-history.ts';
import { type CorrectedMonth, monthsWithCorrections } from '../../../domain/corrections.ts';
import type { Problem } from '../../../domain/problem.ts';
import { LAKE } from '../../../names/lake-keys.ts';
import { TABLES } from '../../../names/tables.ts';
import type { AdditionsStore } from '../../../ports/additions-store.ts';
import type { Database, OpenDatabase } from '../../../ports/database.ts';
import type { ObjectStore } from '../../../ports/object-store.ts';
import type { PartnerConfig } from '../../../ports/partner-config.ts';
import { dueRows } from '../../../rules/due-rows.ts';
import type { PercentageBase } from '../../../rules/percentage-bases.ts';
import { readFrozenConfig } from '../../config-of-month.ts';
import { basesOfPriced } from '../../priced-relation.ts';
import { inRulesDatabase } from '../../rules-database.ts';
import { Publication } from '../../split-bill/publication.ts';
import { readLakeJson } from '../../split-bill/read-lake-json.ts';
import { inWorkFolder } from '../../work-folder.ts';
import { type AdditionRow, additionOf, timestamp } from '../addition-row.ts';
import { fetchResultFiles, type LocalFile } from '../fetch-result-files.ts';
import { additionsKey } from '../list-additions.ts';
import { currenciesOf } from '../published-sources.ts';
import { correctionOf } from './correction-row.ts';
import { CorrectionSums } from './correction-sums.ts';
import { pricePublished } from './price-published.ts';

/** What correcting a closed month reaches outside. */
export interface CorrectMonthWorld {
  readonly additions: Pick<AdditionsStore, 'find'>;
  readonly lake: ObjectStore;
  readonly openDatabase: OpenDatabase;
  readonly memoryMegabytes: number;
}

/** The rows that correct a month, and why some charges of it could not be priced. */
export interface MonthCorrected {
  readonly rows: readonly AdditionRow[];
  readonly problem: Problem<'currency_required'> | undefined;
}

/**
 * What a closed month would be charged under the configuration that corrects it, less what it was charged: in its own
 * ledgers and in corrections that months before `period` carry. Together they come to exactly what that configuration
 * charges (`pricing.md` §4).
 */
export async function correctMonth(
  world: CorrectMonthWorld,
  corrected: CorrectedMonth,
  from: {
    period: BillingPeriod;
    config: PartnerConfig;
    history: ConfigHistory;
    sources: CorrectionSource['sources'];
  },
): Promise<MonthCorrected> {
  const { month } = corrected;
  const { period, config, history, sources } = from;
  const latest = await readFrozenConfig(world.lake, corrected.key);
  const closed = await readFrozenConfig(world.lake, history.closed?.[month]?.key ?? '');
  const nameOf = nameFrom([config, latest, closed]);
  return await inWorkFolder((folder) =>
    inRulesDatabase(world, folder, async (database) => {
      const sums = new CorrectionSums(database);
      await sums.clear();
      const bases: PercentageBase[] = [];
      for (const { runId } of sources) bases.push(...(await addRun(world, { database, folder, runId, latest, sums })));
      const currencies = await currenciesOf(world.lake, sources);
      const { rows: added, problem } = dueRows(latest, { period: month, currencies, bases });
      const as = { period: month, partnerName: closed.settings.name };
      await sums.addRows(added.map((row) => additionOf(row, as).charges));
      await takeAdditions(world, { period: month, folder }, (files) => sums.takeCharged(files, 'charges'));
      const correctionsOf = timestamp(boundsOf(month).start);
      for (const earlier of monthsWithCorrections(history, month).filter((one) => one < period))
        await takeAdditions(world, { period: earlier, folder }, (files) => sums.takeCharged(files, { correctionsOf }));
      const partnerName = config.settings.name;
      const differences = await sums.differences();
      const rows = differences.map((sum) =>
        correctionOf(sum, { corrects: month, customerName: nameOf(sum.customerId), period, partnerName }),
      );
      return { rows, problem };
    }),
  );
}

/** Adds a published run's rows as they would be charged and takes off what they were charged; returns its percentage bases. */
async function addRun(
  { lake }: CorrectMonthWorld,
  {
    database,
    folder,
    runId,
    latest,
    sums,
  }: {
    database: Database;
    folder: string;
    runId: CorrectionSource['sources'][number]['runId'];
    latest: PartnerConfig;
    sums: CorrectionSums;
  },
): Promise<readonly PercentageBase[]> {
  const { lists } = await readLakeJson(lake, LAKE.publication(runId), Publication);
  return await inFolderOf(folder, async (own) => {
    const costs = await fetchResultFiles(lake, lists, { table: TABLES.costs, folder: own });
    if (costs.length === 0) return [];
    await pricePublished(database, costs, latest);
    await sums.addPriced();
    const bases = await basesOfPriced(database, latest.rules);
    await sums.takeCharged(
      await fetchResultFiles(lake, lists, { table: TABLES.customerCharges, folder: own }),
      'charges',
    );
    return bases;
  });
}

/** Takes the customers' files of a month's additions as they are published. */
async function takeAdditions(
  { additions, lake }: CorrectMonthWorld,
  { period, folder }: { period: BillingPeriod; folder: string },
  take: (files: readonly LocalFile[]) => Promise<void>,
): Promise<void> {
  const pointer = await additions.find(period);
  if (pointer === undefined) return;
  const table = TABLES.customerCharges;
  const lists = pointer.owners.map((owner) => ({ table, owner, keys: [additionsKey(table, owner, pointer)] }));
  await inFolderOf(folder, async (own) => take(await fetchResultFiles(lake, lists, { table, folder: own })));
}

function nameFrom(configs: readonly PartnerConfig[]): (customerId: string) => string {
  const customers = configs.flatMap((config) => config.customers);
  return (customerId) => customers.find(({ id }) => id === customerId)?.name ?? customerId;
}

/** A database reads files of its own folder only: what is fetched for one step goes below it, and away after it. */
async function inFolderOf<Result>(folder: string, act: (own: string) => Promise<Result>): Promise<Result> {
  const own = await mkdtemp(join(folder, 'fetched-'));
  try {
    return await act(own);
  } finally {
    await rm(own, { recursive: true });
  }
}
