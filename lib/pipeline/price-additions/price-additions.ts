import { z } from 'zod';
import type { AdditionsPointer } from '../../domain/additions-pointer.ts';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { retiredWith } from '../../domain/retired.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { Clock, FreshUuid } from '../../ports/clock.ts';
import type { OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfig, PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { dueRows } from '../../rules/due-rows.ts';
import { configOfMonth } from '../config-of-month.ts';
import { inWorkFolder } from '../work-folder.ts';
import { additionsKey, listAdditions } from './list-additions.ts';
import { measureBases } from './measure-bases.ts';
import { currenciesOf, publishedSources } from './published-sources.ts';
import { summariseAdditions } from './summarise-additions.ts';
import { writeAdditions } from './write-additions.ts';

/** What PriceAdditions reaches outside. */
export interface PriceAdditionsWorld {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly config: Pick<PartnerConfigReader, 'read' | 'history'>;
  readonly additions: AdditionsStore;
  readonly lake: ObjectStore;
  readonly openDatabase: OpenDatabase;
  readonly freshUuid: FreshUuid;
  readonly clock: Clock;
  readonly memoryMegabytes: number;
}

/** How an ask was answered: priced anew, found as it should be, or nothing of the period is published yet. */
export interface PriceAdditionsAnswer {
  readonly period: BillingPeriod;
  readonly outcome: 'published' | 'unchanged' | 'nothing_published';
}

const Ask = z.object({ ask: z.literal('price-additions'), period: BillingPeriod });

/** Each try reads everything again; more would mean that something moves all the time, and the queue asks again anyway. */
const TRIES_MOST = 5;

/**
 * Prices the charges of one period for all customers in scope, from what is published now, and moves the pointer while
 * that still stands (`pricing.md` §5 d). An ask that comes twice finds the pointer where it should be and only sees to
 * the lists.
 */
export const priceAdditions =
  (world: PriceAdditionsWorld) =>
  async (message: unknown): Promise<PriceAdditionsAnswer> => {
    const { period } = Ask.parse(message);
    for (let tries = 0; tries < TRIES_MOST; tries += 1) {
      const outcome = await priceOnce(world, period);
      if (outcome !== 'moved') return { period, outcome };
    }
    throw new Error(`the sources of ${period} moved ${TRIES_MOST} times while their additions were priced`);
  };

async function priceOnce(
  world: PriceAdditionsWorld,
  period: BillingPeriod,
): Promise<PriceAdditionsAnswer['outcome'] | 'moved'> {
  const before = await world.additions.find(period);
  const config = await configOfMonth(world, period);
  const sources = await publishedSources(world.periods, period);
  if (sources.length === 0) return 'nothing_published';
  if (before !== undefined && isAsPriced(before, config.revision, sources))
    return (await bringLists(world, before)) === 'moved' ? 'moved' : 'unchanged';
  const next = await write(world, { period, config, sources, before });
  if ((await world.additions.publish(next)) === 'moved') return 'moved';
  return (await bringLists(world, next)) === 'moved' ? 'moved' : 'published';
}

async function bringLists(world: PriceAdditionsWorld, pointer: AdditionsPointer): Promise<'written' | 'moved'> {
  const outcome = await listAdditions(world, pointer);
  if (outcome === 'written' && pointer.listsOwed) await world.additions.noteListsWritten(pointer.period, pointer.uuid);
  return outcome;
}

function isAsPriced(pointer: AdditionsPointer, revision: number, sources: AdditionsPointer['sources']): boolean {
  return pointer.configRevision === revision && JSON.stringify(pointer.sources) === JSON.stringify(sources);
}

/** Writes the files and figures of a pricing under a fresh name, and returns the pointer to it. */
async function write(
  world: PriceAdditionsWorld,
  from: {
    period: BillingPeriod;
    config: PartnerConfig;
    sources: AdditionsPointer['sources'];
    before: AdditionsPointer | undefined;
  },
): Promise<AdditionsPointer> {
  const { period, config, sources, before } = from;
  const uuid = world.freshUuid();
  const currencies = await currenciesOf(world.lake, sources);
  const bases = await measureBases(world, { period, sources, config });
  const { rows, problem } = dueRows(config, { period, currencies, bases });
  const owners = await writeFiles(world, rows, { period, uuid, partnerName: config.settings.name });
  const summary = summariseAdditions(rows, { period, customerIds: config.customers.map(({ id }) => id) });
  await world.lake.writeText(LAKE.additionsSummary(period, uuid), JSON.stringify(summary));
  const { number = 0, owners: had = [], ownersBefore = [] } = before ?? {};
  const publishedAt = world.clock.now().toISOString();
  return {
    period,
    number: number + 1,
    uuid,
    configRevision: config.revision,
    sources,
    publishedAt,
    owners,
    ownersBefore: [...new Set([...had, ...ownersBefore])].filter((owner) => !owners.includes(owner)),
    listsOwed: true,
    retired: [...retiredWith(before, before ? [before.uuid] : [], publishedAt)],
    reason: problem?.stored() ?? null,
  };
}

async function writeFiles(
  { openDatabase, memoryMegabytes, lake }: PriceAdditionsWorld,
  rows: readonly AddedRow[],
  to: { period: BillingPeriod; uuid: string; partnerName: string },
): Promise<string[]> {
  const byCustomer = Map.groupBy(rows, (row) => row.customer.id);
  if (byCustomer.size === 0) return [];
  return await inWorkFolder(async (folder) => {
    const database = await openDatabase({ folder, memoryMegabytes, threads: 1 });
    try {
      for (const [customerId, of] of byCustomer)
        for (const { table, path } of await writeAdditions(database, of, { ...to, folder, customerId }))
          await lake.upload(additionsKey(table, customerId, to), path);
    } finally {
      database.close();
    }
    return [...byCustomer.keys()];
  });
}
