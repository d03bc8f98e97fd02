import { z } from 'zod';
import type { AdditionsPointer, CorrectionSource } from '../../domain/additions-pointer.ts';
import { BillingPeriod } from '../../domain/billing-period.ts';
import type { ConfigHistory } from '../../domain/config-history.ts';
import { correctionsIn, monthsWithCorrections } from '../../domain/corrections.ts';
import type { Problem } from '../../domain/problem.ts';
import { retiredWith } from '../../domain/retired.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { Clock, FreshUuid } from '../../ports/clock.ts';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfig, PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { dueRows } from '../../rules/due-rows.ts';
import { configOfMonth } from '../config-of-month.ts';
import { inWorkFolder } from '../work-folder.ts';
import { type AdditionRow, additionOf } from './addition-row.ts';
import { correctMonth } from './corrections/correct-month.ts';
import { keptCorrections } from './corrections/kept-corrections.ts';
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
 * the lists. The closed months that it corrects are looked at before it, since their additions are among what they were
 * charged, and the open months that carry corrections of it after it.
 */
export const priceAdditions =
  (world: PriceAdditionsWorld) =>
  async (message: unknown): Promise<PriceAdditionsAnswer> => {
    const { period } = Ask.parse(message);
    const history = await world.config.history();
    for (const { month } of correctionsIn(history, period)) await settle(world, month);
    const outcome = await settle(world, period);
    for (const month of monthsWithCorrections(history, period))
      if (!history.closed?.[month]) await settle(world, month);
    return { period, outcome };
  };

async function settle(world: PriceAdditionsWorld, period: BillingPeriod): Promise<PriceAdditionsAnswer['outcome']> {
  for (let tries = 0; tries < TRIES_MOST; tries += 1) {
    const outcome = await priceOnce(world, period);
    if (outcome !== 'moved') return outcome;
  }
  throw new Error(`the sources of ${period} moved ${TRIES_MOST} times while their additions were priced`);
}

/** Everything that a period's additions are made from, read once. */
interface Reading {
  readonly period: BillingPeriod;
  readonly config: PartnerConfig;
  readonly history: ConfigHistory;
  readonly sources: AdditionsPointer['sources'];
  readonly before: AdditionsPointer | undefined;
  /** The closed months that the period corrects; of a closed period those that it was closed with. */
  readonly corrections: readonly CorrectionSource[];
}

async function priceOnce(
  world: PriceAdditionsWorld,
  period: BillingPeriod,
): Promise<PriceAdditionsAnswer['outcome'] | 'moved'> {
  const before = await world.additions.find(period);
  const history = await world.config.history();
  const config = await configOfMonth(world, period);
  const sources = await publishedSources(world.periods, period);
  if (sources.length === 0) return 'nothing_published';
  const reading = { period, config, history, sources, before };
  const corrections = await correctionSources(world, reading);
  if (before !== undefined && isAsPriced(before, { ...reading, corrections }))
    return (await bringLists(world, before)) === 'moved' ? 'moved' : 'unchanged';
  const next = await write(world, { ...reading, corrections });
  if ((await world.additions.publish(next)) === 'moved') return 'moved';
  return (await bringLists(world, next)) === 'moved' ? 'moved' : 'published';
}

async function bringLists(world: PriceAdditionsWorld, pointer: AdditionsPointer): Promise<'written' | 'moved'> {
  const outcome = await listAdditions(world, pointer);
  if (outcome === 'written' && pointer.listsOwed) await world.additions.noteListsWritten(pointer.period, pointer.uuid);
  return outcome;
}

async function correctionSources(
  { periods }: PriceAdditionsWorld,
  { period, history, before }: Omit<Reading, 'corrections'>,
): Promise<readonly CorrectionSource[]> {
  if (history.closed?.[period]) return before?.corrections ?? [];
  const asked = correctionsIn(history, period).map(async ({ month, revision }) => ({
    month,
    revision,
    sources: await publishedSources(periods, month),
  }));
  return await Promise.all(asked);
}

function isAsPriced(pointer: AdditionsPointer, { config, sources, corrections }: Reading): boolean {
  const madeFrom = [pointer.configRevision, pointer.sources, pointer.corrections ?? []];
  return JSON.stringify(madeFrom) === JSON.stringify([config.revision, sources, corrections]);
}

/** Writes the files and figures of a pricing under a fresh name, and returns the pointer to it. */
async function write(world: PriceAdditionsWorld, reading: Reading): Promise<AdditionsPointer> {
  const { period, config, sources, before, corrections } = reading;
  const uuid = world.freshUuid();
  const currencies = await currenciesOf(world.lake, sources);
  const bases = await measureBases(world, { period, sources, config });
  const due = dueRows(config, { period, currencies, bases });
  const corrected = await correctionRows(world, reading);
  const of = { period, partnerName: config.settings.name };
  const rows = [...due.rows.map((row) => additionOf(row, of)), ...corrected.rows];
  const problem = due.problem ?? corrected.problem;
  const owners = await writeFiles(world, rows, { period, uuid });
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
    ...(corrections.length > 0 ? { corrections: [...corrections] } : {}),
    publishedAt,
    owners,
    ownersBefore: [...new Set([...had, ...ownersBefore])].filter((owner) => !owners.includes(owner)),
    listsOwed: true,
    retired: [...retiredWith(before, before ? [before.uuid] : [], publishedAt)],
    reason: problem?.stored() ?? null,
  };
}

/** The corrections that the period carries: made anew, or where it is closed, as they were. */
async function correctionRows(
  world: PriceAdditionsWorld,
  reading: Reading,
): Promise<{ rows: readonly AdditionRow[]; problem: Problem<'currency_required'> | undefined }> {
  const { period, history, before, corrections } = reading;
  if (corrections.length === 0) return { rows: [], problem: undefined };
  if (before && history.closed?.[period])
    return {
      rows: await inDatabase(world, (database, folder) => keptCorrections(world.lake, before, { database, folder })),
      problem: undefined,
    };
  const rows: AdditionRow[] = [];
  let problem: Problem<'currency_required'> | undefined;
  for (const asked of correctionsIn(history, period)) {
    const sources = corrections.find(({ month }) => month === asked.month)?.sources ?? [];
    const corrected = await correctMonth(world, asked, { ...reading, sources });
    rows.push(...corrected.rows);
    problem ??= corrected.problem;
  }
  return { rows, problem };
}

async function writeFiles(
  world: PriceAdditionsWorld,
  rows: readonly AdditionRow[],
  to: { period: BillingPeriod; uuid: string },
): Promise<string[]> {
  const byCustomer = Map.groupBy(rows, (row) => row.customer.id);
  if (byCustomer.size === 0) return [];
  await inDatabase(world, async (database, folder) => {
    for (const [customerId, of] of byCustomer)
      for (const { table, path } of await writeAdditions(database, of, { folder, customerId }))
        await world.lake.upload(additionsKey(table, customerId, to), path);
  });
  return [...byCustomer.keys()];
}

async function inDatabase<Result>(
  { openDatabase, memoryMegabytes }: PriceAdditionsWorld,
  act: (database: Database, folder: string) => Promise<Result>,
): Promise<Result> {
  return await inWorkFolder(async (folder) => {
    const database = await openDatabase({ folder, memoryMegabytes, threads: 1 });
    try {
      return await act(database, folder);
    } finally {
      database.close();
    }
  });
}
