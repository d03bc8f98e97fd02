import { z } from 'zod';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { RunId } from '../../domain/ids.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import { deliveredTable } from '../../names/tables.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfig, PartnerConfigReader } from '../../ports/partner-config.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { rowRulesInOrder } from '../../rules/compile-rules.ts';
import { DeliveredBill } from '../../sources/delivered-bill.ts';
import { parseMeasureRow } from '../../sources/measure-row.ts';
import { splitSelect } from '../../sources/split-select.ts';
import { configOfMonth } from '../config-of-month.ts';
import { ControlTotals, controlTotalsOf } from './control-totals.ts';
import { keepLease, type LeasedRun, type LeaseWorld } from './lease-kept.ts';
import { type PlannedOwners, planOwners } from './owner-lines.ts';
import type { Plan } from './plan.ts';
import { readLakeJson } from './read-lake-json.ts';
import { requireLeasedRun } from './require-leased-run.ts';
import { ownerResolver } from './resolve-owners.ts';
import { requireUnchanged } from './sources-unchanged.ts';
import { findStoredSplit, ownersHash } from './stored-split.ts';

/** What PlanShards reaches outside. */
export interface PlanShardsWorld extends LeaseWorld {
  readonly runs: Pick<RunStore, 'find' | 'update' | 'enterStep'>;
  readonly config: Pick<PartnerConfigReader, 'read' | 'history'>;
  readonly engine: Pick<QueryEngine, 'rows'>;
  readonly lake: ObjectStore;
  readonly landing: Pick<ObjectStore, 'bucket' | 'head'>;
  /** What a worker may give to DuckDB; bounds the rows of one shard. */
  readonly workerMemoryMegabytes: number;
  /** Rows that are worth a shard of their own; for bills of a few rows, which would make one shard only. */
  readonly rowsPerShard?: number;
}

/**
 * Keys and counts; everything large lies in the lake. `measure`: there is no split to start from, the bill has to be
 * measured first; `price`: there is one, and SplitByShard is passed over.
 */
export interface PlanShardsAnswer {
  readonly outcome: 'measure' | 'split' | 'price';
  readonly planKey: string;
  readonly shards: readonly number[];
  /** The SELECT inside SplitByShard's UNLOAD. */
  readonly splitSelect: string;
  readonly rowCount: number;
  /** The attempt of the split to price from, where there is one already. */
  readonly splitAttempt: string;
}

/** Without a query the totals are those of the run that is published, which measured this very delivery. */
const Input = z.object({ runId: RunId, measureQueryId: z.string().nullable() });

const STEP: SplitBillStep = 'PlanShards';
const NEXT_STEP: SplitBillStep = 'SplitByShard';
const MEASURE_STEP: SplitBillStep = 'MeasureBill';
const MEASURE: PlanShardsAnswer = {
  ...{ outcome: 'measure', planKey: '', shards: [], splitSelect: '', rowCount: 0, splitAttempt: '' },
};
/** Large enough that a file per owner and column is worth writing, small enough to be sorted in memory. */
const ROWS_PER_SHARD = 350_000;
/** Measured: 2,000,000 rows under 2,099 MB were priced in 98 s on two busy processors, with 2.4 GB of disk for spilling. */
const ROWS_PER_MEGABYTE_MOST = 1000;

/** Keeps the control totals, reads the partner's configuration once, and says who owns what and which shard prices it. */
export const planShards =
  (world: PlanShardsWorld) =>
  async (input: unknown): Promise<PlanShardsAnswer> => {
    const { runId, measureQueryId } = Input.parse(input);
    const run = await requireLeasedRun(world.runs, runId);
    await keepLease(world, run);
    await world.runs.enterStep(runId, STEP, world.clock.now().toISOString());
    const bill = await readLakeJson(world.lake, LAKE.delivery(run.deliveryId), DeliveredBill);
    const state = await world.periods.find(run.integrationId, run.period);
    const priced = measureQueryId === null ? pricedBefore(state, run) : undefined;
    const totals =
      measureQueryId === null
        ? priced && (await totalsOf(world.lake, priced))
        : controlTotalsOf((await world.engine.rows(measureQueryId)).map(parseMeasureRow));
    if (totals === undefined) return await measure(world, runId);
    const rows = requireEveryRow(totals, bill, run.period);
    if (priced === undefined) await requireUnchanged(bill, [world.lake, world.landing]);
    const config = await configOfMonth(world, run.period);
    const resolve = ownerResolver(config.assignments, new Set(config.customers.map(({ id }) => id)));
    const owners = planOwners(totals, resolve, {
      period: run.period,
      rowsPerShard: world.rowsPerShard ?? ROWS_PER_SHARD,
    });
    const hash = ownersHash(owners);
    const split =
      priced && (await findStoredSplit(world.lake, priced, { deliveryId: run.deliveryId, ownersHash: hash }));
    if (priced && split === undefined) return await measure(world, runId);
    const plan = {
      ...planOf(run, { bill, config, owners, rows }),
      ownersHash: hash,
      ...(split ? { split } : {}),
    };
    requireFit(plan, world.workerMemoryMegabytes * ROWS_PER_MEGABYTE_MOST);
    await world.lake.writeText(LAKE.totals(runId), JSON.stringify(totals));
    await world.lake.writeText(LAKE.owners(runId), owners.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await world.lake.writeText(LAKE.plan(runId), JSON.stringify(plan));
    await world.runs.update(runId, { configRevision: config.revision, rowsDelivered: rows });
    if (split === undefined) await world.runs.enterStep(runId, NEXT_STEP, world.clock.now().toISOString());
    return {
      outcome: split === undefined ? 'split' : 'price',
      splitAttempt: split?.attempt ?? '',
      planKey: LAKE.plan(runId),
      shards: plan.shards.map(({ shard }) => shard),
      splitSelect: splitSelect({
        bill,
        tableName: deliveredTable(runId),
        runId,
        period: run.period,
        unassignedShard: owners.unassignedShard,
      }),
      rowCount: rows,
    };
  };

/** The published run, where it priced this delivery. */
function pricedBefore(state: PeriodState | undefined, { deliveryId }: LeasedRun): RunId | undefined {
  return state?.published?.deliveryId === deliveryId ? state.published.runId : undefined;
}

async function totalsOf(lake: ObjectStore, runId: RunId): Promise<ControlTotals | undefined> {
  const found = await lake.readText(LAKE.totals(runId));
  return found && ControlTotals.parse(JSON.parse(found.text));
}

async function measure({ runs, clock }: PlanShardsWorld, runId: RunId): Promise<PlanShardsAnswer> {
  await runs.enterStep(runId, MEASURE_STEP, clock.now().toISOString());
  return MEASURE;
}

function planOf(
  run: LeasedRun,
  from: { bill: DeliveredBill; config: PartnerConfig; owners: PlannedOwners; rows: number },
): Plan {
  const { bill, config, owners, rows } = from;
  return {
    runId: run.runId,
    integrationId: run.integrationId,
    period: run.period,
    deliveryId: run.deliveryId,
    deliverySeq: bill.deliverySeq,
    configRevision: config.revision,
    partner: config.settings,
    customers: [...config.customers],
    rules: [...rowRulesInOrder(config.rules)],
    shards: shardsOf(owners),
    rows,
  };
}

function shardsOf({ owned, packed }: PlannedOwners): Plan['shards'] {
  return Array.from({ length: packed.count }, (_, shard) => {
    const parts = owned.filter(({ owner, subAccount }) => packed.shardOf(owner, subAccount) === shard);
    const owners = [...new Set(parts.map(({ owner }) => owner))].sort();
    return { shard, owners, rowsPlanned: parts.reduce((sum, { rows }) => sum + rows, 0) };
  });
}

/** The files' own counts are the one figure that no statement of ours has had a hand in. */
function requireEveryRow(totals: ControlTotals, bill: DeliveredBill, period: BillingPeriod): number {
  const expected = bill.periods.find((counted) => counted.period === period)?.rows ?? 0;
  const actual = totals.reduce((sum, { rows }) => sum + rows, 0);
  if (actual !== expected)
    throw new Problem('not_reconciled', {
      check: 'rows measured = rows in the files',
      owner: '',
      currency: '',
      column: 'rows',
      expected: String(expected),
      actual: String(actual),
    });
  return actual;
}

function requireFit({ shards }: Plan, most: number): void {
  for (const { owners, rowsPlanned } of shards)
    if (rowsPlanned > most)
      throw new Problem('shard_too_large', { customer: owners.join(', '), rows: rowsPlanned, most });
}
