import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Delivery } from '../../domain/delivery.ts';
import { DeliveryId } from '../../domain/ids.ts';
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
  readonly periods: Pick<PeriodStore, 'find' | 'raiseWanted' | 'standIn'>;
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
 * Makes one bill of the workers' answers and wants it for each of its periods. The content that a period has already is
 * recognised and skipped; a bare file beside another file's delivery of the period is held for the partner. Throws a
 * Problem where the files do not make one bill. Doing it twice is doing it once.
 */
export const registerDelivery =
  (world: RegisterDeliveryWorld) =>
  async (input: unknown): Promise<RegisterDeliveryAnswer> => {
    const { deliveryId, answers } = Input.parse(input);
    await enterDeliveryStep(world, deliveryId, STEP);
    const list = FrozenList.parse(JSON.parse(await textOf(world.lake, LAKE.frozenList(deliveryId))));
    const described = (await inParallel(answers, ANSWERS_AT_ONCE, (receipt) => readAnswer(world.lake, receipt))).flat();
    const bill = mergeDescriptions(list, described, world.clock.now().toISOString());
    const before = await wantedBefore(world, bill);
    if (before.length === bill.periods.length && before.every(({ contentHash }) => contentHash === bill.contentHash)) {
      await standInFor(world, bill, before);
      await askFor(world, bill);
      return await leave(world, bill, 'Ignored', null);
    }
    const other = bill.bare ? before.find(({ key }) => key !== bill.key) : undefined;
    if (other !== undefined && isPartOf(bill, other)) return await leave(world, bill, 'Ignored', null);
    if (other !== undefined) return await hold(world, bill, other);
    const answer = await register(world, bill);
    if (!bill.bare && mayHoldParts(list)) await closeParts(world, list);
    return answer;
  };

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
 * are there, should those of the older delivery have been changed since.
 */
async function standInFor(
  world: RegisterDeliveryWorld,
  bill: DeliveredBill,
  before: readonly DeliveredBill[],
): Promise<void> {
  const { deliveryId, integrationId, deliverySeq } = bill;
  await keep(world, bill);
  for (const [place, { period }] of bill.periods.entries()) {
    const older = before[place];
    // A copy under another name stays one: else the next file of the first name would be the second one of the period.
    if (older === undefined || older.deliverySeq >= deliverySeq || (bill.bare && older.key !== bill.key)) continue;
    await world.periods.standIn(integrationId, period, { deliverySeq, deliveryId }, older.deliveryId);
  }
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

async function register(world: RegisterDeliveryWorld, bill: DeliveredBill): Promise<RegisterDeliveryAnswer> {
  const { deliveryId, integrationId, deliverySeq } = bill;
  await keep(world, bill);
  for (const { period } of bill.periods)
    await world.periods.raiseWanted(integrationId, period, { deliverySeq, deliveryId });
  const wanted = await wantedNow(world, bill);
  const [newer] = wanted;
  if (newer !== undefined && !wanted.includes(deliveryId))
    return await leave(world, bill, 'Superseded', new Problem('newer_delivery_wanted', { deliveryId: newer }));
  await close(world, bill, { status: 'Registered', reason: null });
  await askFor(world, bill);
  world.onRegistered?.();
  return { outcome: 'registered', deliveryId, periods: bill.periods.map(({ period }) => period) };
}

/** The deliveries that the bill's periods want now. */
async function wantedNow(
  { periods }: RegisterDeliveryWorld,
  { integrationId, periods: of }: DeliveredBill,
): Promise<readonly DeliveryId[]> {
  const states = await inParallel(of, ANSWERS_AT_ONCE, ({ period }) => periods.find(integrationId, period));
  return states.flatMap((state) => state?.wanted.deliveryId ?? []);
}

/** Bills of other deliveries that the periods want now; a repeat of this step finds its own, which is none of them. */
async function wantedBefore(world: RegisterDeliveryWorld, bill: DeliveredBill): Promise<readonly DeliveredBill[]> {
  const { lake } = world;
  const others = (await wantedNow(world, bill)).filter((id) => id !== bill.deliveryId);
  return await inParallel(others, ANSWERS_AT_ONCE, async (id) =>
    DeliveredBill.parse(JSON.parse(await textOf(lake, LAKE.delivery(id)))),
  );
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
