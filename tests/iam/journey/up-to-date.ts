import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { deliverAnyhow, until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';

/** The one month of every bill of the journey. */
export const PERIOD = '2025-03';

/** Waits until all that is wanted is published and its additions are priced. @throws Error after `until`'s two minutes */
export async function upToDate({ api }: Product): Promise<void> {
  await until('all that is wanted is published, with its additions', async () => {
    const { items: periods } = (await api.call(listPeriods)).body;
    if (periods.length === 0 || periods.some((period) => !period.upToDate)) return undefined;
    const { items: runs } = (await api.call(listRuns)).body;
    if (runs.some(({ status }) => status === 'Running')) return undefined;
    const { recomputing } = (await api.call(getAdditions, { params: { period: PERIOD } })).body;
    return recomputing ? undefined : true;
  });
}

/** Puts a bare file into the folder of `acme` and waits until it is registered. @throws Error where it ends otherwise */
export async function registered(product: Product, name: string, text: string): Promise<void> {
  const { status, reason } = await deliverAnyhow(product, 'acme', [{ key: `acme/${name}`, text }]);
  if (status !== 'Registered') throw new Error(`${name} ended ${status}: ${JSON.stringify(reason)}`);
}
