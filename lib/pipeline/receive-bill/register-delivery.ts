import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { DeliveryId } from '../../domain/ids.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ReceiveBillStep } from '../../names/steps.ts';
import type { Asks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import type { SubAccountRegistry } from '../../ports/sub-account-registry.ts';
import { DeliveredBill } from '../../sources/delivered-bill.ts';
import { inParallel } from '../in-parallel.ts';
import { enterDeliveryStep } from './enter-delivery-step.ts';
import { BatchAnswer, BatchReceipt, type FileDescription } from './file-description.ts';
import { FrozenList } from './frozen-list.ts';
import { deliveryIdOf } from './landed-object.ts';
import { mergeDescriptions } from './merge-descriptions.ts';

/** What RegisterDelivery reaches outside. */
export interface RegisterDeliveryWorld {
  readonly lake: ObjectStore;
  readonly deliveries: DeliveryStore;
  readonly periods: Pick<PeriodStore, 'find' | 'wantTogether' | 'standIn'>;
  readonly subAccounts: SubAccountRegistry;
  readonly asks: Pick<Asks, 'splitBill'>;
  readonly clock: Clock;
  /** Told once for each delivery that is registered: no delivery for long is an alarm. */
  readonly onRegistered?: () => void;
}

/** What became of the delivery; the state machine ends `Registered` where a period wants it, else `Ignored`. */
export type RegisterDeliveryAnswer =
  | { outcome: 'registered'; deliveryId: DeliveryId; periods: readonly string[] }
  | { outcome: 'ignored'; deliveryId: DeliveryId; reason: string };

const Input = z.object({ deliveryId: DeliveryId, answers: z.array(BatchReceipt) });

const ANSWERS_AT_ONCE = 16;
const STEP: ReceiveBillStep = 'RegisterDelivery';

/**
 * Makes one bill of the workers' answers and wants it for all of its periods, or for none. The content that a period has
 * already is recognised and skipped; a bare file beside another file's delivery of the period is held for the partner.
 * What is decided over other deliveries is decided again where one of them came between. Throws a Problem where the files
 * do not make one bill. Doing it twice is doing it once.
 */
export const registerDelivery =
  (world: RegisterDeliveryWorld) =>
  async (input: unknown): Promise<RegisterDeliveryAnswer> => {
    const { deliveryId, answers } = Input.parse(input);
    await enterDeliveryStep(world, deliveryId, STEP);
    const list = FrozenList.parse(JSON.parse(await textOf(world.lake, LAKE.frozenList(deliveryId))));
    const described = (await inParallel(answers, ANSWERS_AT_ONCE, (receipt) => readAnswer(world.lake, receipt))).flat();
    const bill = mergeDescriptions(list, described, world.clock.now().toISOString());
    for (;;) {
      const answer = await decide(world, bill, await seenBy(world, bill));
      if (answer === 'changed') continue;
      if (answer.outcome === 'registered' && !bill.bare && mayHoldParts(list)) await closeParts(world, list);
      return answer;
    }
  };

/** What the bill's periods want before it is: null without a delivery; and the bills of others among that. */
interface Seen {
  readonly wanted: ReadonlyMap<BillingPeriod, PeriodState['wanted'] | null>;
  readonly others: readonly DeliveredBill[];
}

/** What becomes of the bill beside what was seen; `'changed'` where that does not hold any more. */
async function decide(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  { wanted, others }: Seen,
): Promise<RegisterDeliveryAnswer | 'changed'> {
  if (others.length === bill.periods.length && others.every(({ contentHash }) => contentHash === bill.contentHash)) {
    if (!(await standInFor(world, bill, others))) return 'changed';
    await askFor(world, bill);
    return await leave(world, bill, 'Ignored', null);
  }
  const other = bill.bare ? others.find(({ key }) => key !== bill.key) : undefined;
  if (other !== undefined && isPartOf(bill, other)) return await leave(world, bill, 'Ignored', null);
  if (other !== undefined) return await hold(world, bill, other);
  return await register(world, bill, wanted);
}

/** Whether a bare file is one that a manifest's delivery has read already. */
function isPartOf({ files: [bare] }: DeliveredBill, { files }: DeliveredBill): boolean {
  return files.some((file) => file.sourceKey === bare?.sourceKey && file.sourceVersionId === bare.sourceVersionId);
}

/** A data file of an export, whose path names the period, announces nothing by itself: none was ever held. */
function mayHoldParts({ period }: FrozenList): boolean {
  return period === null;
}

/** A file that came first and was held alone is part of a delivery now: nobody has to do anything about it. */
async function closeParts({ deliveries, clock }: RegisterDeliveryWorld, { bucket, files }: FrozenList): Promise<void> {
  await inParallel(files, ANSWERS_AT_ONCE, async ({ key, versionId }) => {
    if (versionId === null) return;
    const id = deliveryIdOf(bucket, key, versionId);
    if ((await deliveries.find(id))?.status === 'Held')
      await deliveries.update(id, { status: 'Ignored', reason: null, endedAt: clock.now().toISOString() });
  });
}

/**
 * Newer files of the content that is wanted already take the place of the older ones, without another run: an older
 * delivery of other content that is still on its way does not come to count, and whoever prices again reads files that
 * are there, should those of the older delivery have been changed since. `false` where such a delivery came to count
 * just before.
 */
async function standInFor(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  others: readonly DeliveredBill[],
): Promise<boolean> {
  const { deliveryId, integrationId, deliverySeq } = bill;
  await keep(world, bill);
  for (const [place, { period }] of bill.periods.entries()) {
    const older = others[place];
    // A copy under another name stays one: else the next file of the first name would be the second one of the period.
    if (older === undefined || older.deliverySeq >= deliverySeq || (bill.bare && older.key !== bill.key)) continue;
    if (await world.periods.standIn(integrationId, period, { deliverySeq, deliveryId }, older.deliveryId)) continue;
    const now = (await world.periods.find(integrationId, period))?.wanted;
    if (now === undefined || now.deliverySeq < deliverySeq) return false;
  }
  return true;
}

/** Kept as it would be registered, so that the partner can release it without receiving it again. */
async function hold(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  other: DeliveredBill,
): Promise<RegisterDeliveryAnswer> {
  await keep(world, bill);
  return await leave(world, bill, 'Held', heldFor(bill, other));
}

async function keep({ lake, subAccounts }: RegisterDeliveryWorld, bill: DeliveredBill): Promise<void> {
  await lake.writeText(LAKE.delivery(bill.deliveryId), JSON.stringify(bill));
  await subAccounts.noteSeen(bill.integrationId, bill.subAccounts, bill.createdAt);
}

async function register(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  seen: Seen['wanted'],
): Promise<RegisterDeliveryAnswer | 'changed'> {
  const { deliveryId, integrationId, deliverySeq } = bill;
  await keep(world, bill);
  const outcome = await world.periods.wantTogether(integrationId, { deliverySeq, deliveryId }, seen);
  if (outcome === 'changed') return 'changed';
  const wanted = [...(await wantedNow(world, bill)).values()].flatMap((one) => one?.deliveryId ?? []);
  const [newer] = wanted;
  if (newer !== undefined && !wanted.includes(deliveryId))
    return await leave(world, bill, 'Superseded', new Problem('newer_delivery_wanted', { deliveryId: newer }));
  await close(world, bill, { status: 'Registered', reason: null });
  await askFor(world, bill);
  world.onRegistered?.();
  return { outcome: 'registered', deliveryId, periods: bill.periods.map(({ period }) => period) };
}

/** What the bill's periods want now, in their order. */
async function wantedNow(
  { periods }: RegisterDeliveryWorld,
  { integrationId, periods: of }: DeliveredBill,
): Promise<Seen['wanted']> {
  const states = await inParallel(of, ANSWERS_AT_ONCE, ({ period }) => periods.find(integrationId, period));
  return new Map(of.map(({ period }, place) => [period, states[place]?.wanted ?? null]));
}

/** A repeat of this step finds its own delivery, which is none of the others. */
async function seenBy(world: RegisterDeliveryWorld, bill: DeliveredBill): Promise<Seen> {
  const wanted = await wantedNow(world, bill);
  const ids = [...wanted.values()].flatMap((one) => one?.deliveryId ?? []).filter((id) => id !== bill.deliveryId);
  const others = await inParallel(ids, ANSWERS_AT_ONCE, async (id) =>
    DeliveredBill.parse(JSON.parse(await textOf(world.lake, LAKE.delivery(id)))),
  );
  return { wanted, others };
}

/** A period whose last run failed on this very content gets another run; where nothing is behind, the ask is dropped. */
async function askFor({ asks }: RegisterDeliveryWorld, bill: DeliveredBill): Promise<void> {
  for (const { period } of bill.periods) await asks.splitBill(bill.integrationId, period);
}

function heldFor(bill: DeliveredBill, other: DeliveredBill): Problem {
  const shared = bill.periods.find(({ period }) => other.periods.some((theirs) => theirs.period === period));
  return new Problem('second_bare_file', { file: bill.key, earlierFile: other.key, period: shared?.period ?? '' });
}

async function leave(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  status: 'Ignored' | 'Held' | 'Superseded',
  problem: Problem | null,
): Promise<RegisterDeliveryAnswer> {
  await close(world, bill, { status, reason: problem?.stored() ?? null });
  return { outcome: 'ignored', deliveryId: bill.deliveryId, reason: problem?.code ?? 'same_content' };
}

async function close(
  { deliveries, clock }: RegisterDeliveryWorld,
  bill: DeliveredBill,
  end: { status: Delivery['status']; reason: ReturnType<Problem['stored']> | null },
): Promise<void> {
  await deliveries.update(bill.deliveryId, {
    ...end,
    reason: end.reason === null ? null : { code: end.reason.code, details: { ...end.reason.details } },
    endedAt: clock.now().toISOString(),
    periods: bill.periods.map(({ period }) => period),
    files: bill.files.length,
    rows: bill.periods.reduce((sum, { rows }) => sum + rows, 0),
  });
}

async function readAnswer(lake: ObjectStore, receipt: BatchReceipt): Promise<readonly FileDescription[]> {
  const text = await textOf(lake, receipt.answerKey);
  if (createHash('sha256').update(text).digest('hex') !== receipt.sha256) {
    throw new Error(`the answer ${receipt.answerKey} is not the one that its worker gave`);
  }
  return BatchAnswer.parse(JSON.parse(text)).files;
}

async function textOf(lake: ObjectStore, key: string): Promise<string> {
  const object = await lake.readText(key);
  if (object === undefined) throw new Error(`${key} is gone`);
  return object.text;
}
