import { z } from 'zod';
import { DeliveryId, RunId } from '../../domain/ids.ts';
import type { RunStatus } from '../../domain/run.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import { dropDeliveredTable, endRun } from './end-run.ts';
import { CaughtError, endingOf } from './ending-of.ts';
import { FAILURES_MOST, type SweepWorld, sweepPeriods } from './sweep-periods.ts';

/** What CloseRun reaches outside. */
export interface CloseRunWorld extends SweepWorld {
  readonly deliveries: Pick<DeliveryStore, 'find' | 'update'>;
}

/** How what was looked at has ended; the state machines choose their end state by it. */
export type CloseRunAnswer = { readonly end: RunStatus | 'Swept' | 'Unknown' };

/** What a state's Catch hands on: the error, and the state that it was in. */
const Caught = z.object({ error: CaughtError, step: z.string().optional() });
type Caught = z.infer<typeof Caught>;
const RunFailure = Caught.extend({ kind: z.literal('run'), runId: RunId });
const DeliveryFailure = Caught.extend({ kind: z.literal('delivery'), deliveryId: DeliveryId });
/** EventBridge, "Step Functions Execution Status Change": what no Catch has seen. */
const StatusChange = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: z.string(),
    status: z.string(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
const ScheduledEvent = z.object({ 'detail-type': z.literal('Scheduled Event') });
const Input = z.union([RunFailure, DeliveryFailure, StatusChange, ScheduledEvent]);

/**
 * Ends what did not end well, however it comes to be known: from a state's Catch, from the execution's own end, or from
 * the schedule. Idempotent: the same twice ends the same once.
 */
export const closeRun =
  (world: CloseRunWorld) =>
  async (input: unknown): Promise<CloseRunAnswer> => {
    const event = Input.parse(input);
    if ('kind' in event && event.kind === 'delivery') return await endDelivery(world, event.deliveryId, event);
    // What Catch has seen was retried by its state already; it is worth another run when something has changed.
    if ('kind' in event) return await endRunOf(world, event.runId, event, 1);
    if (event['detail-type'] === 'Scheduled Event') {
      await sweepPeriods(world);
      return { end: 'Swept' };
    }
    return await endExecution(world, event.detail);
  };

async function endExecution(
  world: CloseRunWorld,
  detail: z.infer<typeof StatusChange>['detail'],
): Promise<CloseRunAnswer> {
  const runId = RunId.safeParse(detail.name);
  if (detail.status === 'SUCCEEDED') {
    if (runId.success) await dropDeliveredTable(world, runId.data);
    return { end: 'Unknown' };
  }
  const error = { Error: detail.error ?? detail.status, ...(detail.cause ? { Cause: detail.cause } : {}) };
  if (runId.success) {
    const run = await world.runs.find(runId.data);
    // Ended by its own Catch: that has looked for more work. Ended by nothing else: worth another try.
    return await endRunOf(world, runId.data, { error }, run?.status === 'Running' ? FAILURES_MOST : 1);
  }
  // An attempt after the first has its number behind the delivery's id.
  const [name = '', attempt = '1'] = detail.name.split('-');
  const deliveryId = DeliveryId.safeParse(name);
  return deliveryId.success
    ? await endDelivery(world, deliveryId.data, { error }, Number(attempt))
    : { end: 'Unknown' };
}

async function endRunOf(
  world: CloseRunWorld,
  runId: RunId,
  { error, step: caughtIn }: Caught,
  failuresMost: number,
): Promise<CloseRunAnswer> {
  const run = await world.runs.find(runId);
  if (run === undefined) return { end: 'Unknown' };
  const step = caughtIn ?? run.step;
  const ending = endingOf(error, { step, reference: runId });
  return { end: await endRun(world, run, { ending, step, failuresMost }) };
}

async function endDelivery(
  world: CloseRunWorld,
  id: DeliveryId,
  { error, step: caughtIn }: Caught,
  attempt?: number,
): Promise<CloseRunAnswer> {
  const delivery = await world.deliveries.find(id);
  // Late word of an attempt that another one has followed.
  if (attempt !== undefined && attempt !== (delivery?.attempts ?? 1)) return { end: 'Unknown' };
  const step = caughtIn ?? delivery?.step ?? 'ReadManifest';
  const { status, reason } = endingOf(error, { step, reference: id });
  const end = status === 'Quarantined' ? status : 'Failed';
  if (delivery?.status === 'Receiving') {
    await world.deliveries.update(id, { status: end, step, reason, endedAt: world.clock.now().toISOString() });
    if (end === 'Quarantined') world.onQuarantined?.();
    world.onEnded?.({ deliveryId: id, status: end, step, reason });
  }
  return { end };
}
