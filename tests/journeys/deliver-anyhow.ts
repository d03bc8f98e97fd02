import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { BillFile } from '../../infra/cli/bill-files.ts';
import { deliver } from '../../infra/cli/deliver.ts';
import type { DeliveryAnswer } from '../../lib/contracts/deliveries/delivery.ts';
import { getDelivery } from '../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import type { RunAnswer } from '../../lib/contracts/runs/run.ts';
import type { Product } from './open-product.ts';

const POLL_MILLISECONDS = 100;
/** A run of a small bill takes two seconds, and many times that where others use the processors too. */
const PATIENCE_SECONDS = 120;

/** Time-out of tests that wait for runs. */
export const PATIENT = { timeout: PATIENCE_SECONDS * 1000 } as const;

type Delivery = z.infer<typeof DeliveryAnswer>;
type Run = z.infer<typeof RunAnswer>;

/** Delivers files, the announcing one last, and waits until that delivery has ended, however it did. */
export async function deliverAnyhow(
  product: Product,
  integrationId: string,
  files: readonly BillFile[],
): Promise<Delivery> {
  const { api } = product;
  const listed = async () => (await api.call(listDeliveries, { query: { integrationId } })).body.items;
  const before = new Set((await listed()).map(({ id }) => id));
  const announcing = files.at(-1)?.key;
  await deliver(product.machine, files);
  const ended = await until(`the delivery of ${announcing} has ended`, async () =>
    (await listed()).find(({ id, key, status }) => key === announcing && !before.has(id) && status !== 'Receiving'),
  );
  return (await api.call(getDelivery, { params: { deliveryId: ended.id } })).body;
}

/** Waits until the run over a delivery has ended, however it did. */
export async function runOf(
  { api }: Product,
  { id, integrationId }: Pick<Delivery, 'id' | 'integrationId'>,
): Promise<Run> {
  return await until(`a run over ${id} has ended`, async () =>
    (await api.call(listRuns, { query: { integrationId } })).body.items.find(
      ({ deliveryId, status }) => deliveryId === id && status !== 'Running',
    ),
  );
}

/** Asks again and again until there is an answer. @throws Error after two minutes, saying what was waited for */
export async function until<Found>(what: string, find: () => Promise<Found | undefined>): Promise<Found> {
  const patience = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > patience) throw new Error(`waited ${PATIENCE_SECONDS} s until ${what}`);
    await sleep(POLL_MILLISECONDS);
  }
}
