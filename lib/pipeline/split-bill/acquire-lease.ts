import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { historyOfMonth } from '../../domain/config-history.ts';
import { IntegrationId, RunId } from '../../domain/ids.ts';
import { isAhead } from '../../domain/is-ahead.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { Run } from '../../domain/run.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import { deliveredTable } from '../../names/tables.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Executions } from '../../ports/executions.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { createDeliveredTable } from '../../sources/create-delivered-table.ts';
import { DeliveredBill } from '../../sources/delivered-bill.ts';
import { measureStatement } from '../../sources/measure-statement.ts';
import { leaseEnd } from './lease-kept.ts';
import { readLakeJson } from './read-lake-json.ts';

/** What AcquireLease reaches outside. */
export interface AcquireLeaseWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'acquireLease'>;
  readonly runs: Pick<RunStore, 'find' | 'add' | 'update' | 'enterStep'>;
  readonly config: Pick<PartnerConfigReader, 'history'>;
  readonly executions: Pick<Executions, 'status'>;
  readonly lake: ObjectStore;
  readonly clock: Clock;
  readonly leaseSeconds: number;
}

/** The state machine's choice: go on with these statements, or end. */
export type AcquireLeaseAnswer =
  | {
      readonly outcome: 'go';
      readonly runId: RunId;
      readonly integrationId: IntegrationId;
      readonly period: BillingPeriod;
      readonly fence: number;
      readonly deliveryId: string;
      readonly createTableStatement: string;
      readonly measureStatement: string;
      /** The delivery is the one that is published: PlanShards may find it measured and split already. */
      readonly isRepricing: boolean;
    }
  | { readonly outcome: 'nothing_to_do' };

const Input = z.object({ runId: RunId, integrationId: IntegrationId, period: BillingPeriod, executionArn: z.string() });
type Input = z.infer<typeof Input>;

const STEP: SplitBillStep = 'AcquireLease';
const NEXT_STEP: SplitBillStep = 'MeasureBill';

/**
 * Takes the period for this run, and says how to measure what is wanted of it now. There is nothing to do where what is
 * wanted is published, or while another run is at work: that one looks again when it ends.
 */
export const acquireLease =
  (world: AcquireLeaseWorld) =>
  async (input: unknown): Promise<AcquireLeaseAnswer> => {
    const run = Input.parse(input);
    await requireRecord(world, run);
    const before = await world.periods.find(run.integrationId, run.period);
    const config = await world.config.history();
    if (before === undefined || !isAhead(before, config) || (await isHeld(world, before, run)))
      return await endWithNothing(world, run);
    const taken = await world.periods.acquireLease(run.integrationId, run.period, {
      runId: run.runId,
      executionArn: run.executionArn,
      now: world.clock.now().toISOString(),
      expiresAt: leaseEnd(world),
    });
    if (taken === 'busy') return await endWithNothing(world, run);
    const { deliveryId } = taken.state.wanted;
    await world.runs.update(run.runId, {
      deliveryId,
      configRevision: historyOfMonth(config, run.period).revision,
    });
    const bill = await readLakeJson(world.lake, LAKE.delivery(deliveryId), DeliveredBill);
    await writeDeliveredList(world.lake, run.runId, bill);
    const isRepricing = taken.state.published?.deliveryId === deliveryId;
    if (!isRepricing) await world.runs.enterStep(run.runId, NEXT_STEP, world.clock.now().toISOString());
    const tableName = deliveredTable(run.runId);
    const location = `s3://${world.lake.bucket}/${LAKE.deliveredLocation(run.runId)}`;
    return {
      outcome: 'go',
      runId: run.runId,
      integrationId: run.integrationId,
      period: run.period,
      fence: taken.lease.fence,
      deliveryId,
      createTableStatement: createDeliveredTable({ bill, tableName, location }),
      measureStatement: measureStatement({ bill, tableName, period: run.period }),
      isRepricing,
    };
  };

/** The start λ has made the record; an execution started by hand has none. */
async function requireRecord(
  { runs, clock }: AcquireLeaseWorld,
  { runId, integrationId, period }: Input,
): Promise<void> {
  const startedAt = clock.now().toISOString();
  if ((await runs.find(runId)) === undefined) {
    const run: Run = {
      id: runId,
      integrationId,
      period,
      status: 'Running',
      step: STEP,
      steps: {},
      deliveryId: null,
      configRevision: 0,
      startedAt,
      endedAt: null,
      rowsDelivered: null,
      summaryKey: null,
      reason: null,
    };
    await runs.add(run);
  }
  await runs.enterStep(runId, STEP, startedAt);
}

/** A lease that has run out still holds while its execution does: a worker may be late in renewing it. */
async function isHeld({ clock, executions }: AcquireLeaseWorld, state: PeriodState, run: Input): Promise<boolean> {
  const { lease } = state;
  if (lease === null || lease.runId === run.runId) return false;
  if (lease.expiresAt > clock.now().toISOString()) return true;
  const status = await executions.status(lease.executionArn);
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

async function endWithNothing({ runs, clock }: AcquireLeaseWorld, { runId }: Input): Promise<AcquireLeaseAnswer> {
  await runs.update(runId, { status: 'NothingToDo', endedAt: clock.now().toISOString() });
  return { outcome: 'nothing_to_do' };
}

async function writeDeliveredList(lake: ObjectStore, runId: RunId, bill: DeliveredBill): Promise<void> {
  const lines = bill.files.map(({ bucket, key }) => `s3://${bucket}/${key}\n`);
  await lake.writeText(LAKE.deliveredList(runId), lines.join(''));
}
