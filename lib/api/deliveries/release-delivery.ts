import type { z } from 'zod';
import type { releaseDelivery as contract, ReleaseAction } from '../../contracts/deliveries/release-delivery.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { Problem } from '../../domain/problem.ts';
import type { Asks, OperatorAsks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { DeliveryStore, RunStore } from '../../ports/run-store.ts';
import type { UseCase } from '../use-case.ts';

/** What releasing reaches outside. */
interface ReleaseWorld {
  readonly deliveries: Pick<DeliveryStore, 'find' | 'update'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly periods: Pick<PeriodStore, 'find' | 'raiseWanted'>;
  readonly asks: Pick<Asks, 'splitBill'>;
  readonly operatorAsks: Pick<OperatorAsks, 'receiveAgain'>;
  readonly clock: Clock;
}

/** Does what a delivery waits for, by its status; a status without a line here does not compile. */
export const releaseDelivery =
  (world: ReleaseWorld): UseCase<typeof contract> =>
  async ({ params: { deliveryId } }) => {
    const delivery = await world.deliveries.find(deliveryId);
    if (!delivery) throw new Problem('not_found', { what: 'delivery', id: deliveryId });
    const action = await RELEASES[delivery.status](world, delivery);
    return { body: { deliveryId, action, periods: delivery.periods } };
  };

type Release = (world: ReleaseWorld, delivery: Delivery) => Promise<z.infer<typeof ReleaseAction>>;

const nothing: Release = async (_, { status }) => {
  throw new Problem('nothing_to_release', { status });
};

/** The content is in the landing bucket as it was; an attempt has a number, so asking twice starts one. */
const receiveAgain: Release = async ({ operatorAsks }, { id, object, status, attempts = 1 }) => {
  if (object === undefined) throw new Problem('nothing_to_release', { status });
  await operatorAsks.receiveAgain(id, attempts + 1);
  return 'received_again';
};

/** It was read and kept already: all that is missing is that its periods want it. */
const want: Release = async (world, { id, integrationId, deliverySeq, periods, status }) => {
  if (deliverySeq === null) throw new Problem('nothing_to_release', { status });
  const states = await Promise.all(
    periods.map(async (period) => {
      await world.periods.raiseWanted(integrationId, period, { deliverySeq, deliveryId: id });
      return await world.periods.find(integrationId, period);
    }),
  );
  const wanted = states.flatMap((state) => state?.wanted.deliveryId ?? []);
  if (!wanted.includes(id)) throw new Problem('newer_delivery_wanted', { deliveryId: wanted[0] ?? '' });
  await world.deliveries.update(id, { status: 'Registered', reason: null, endedAt: world.clock.now().toISOString() });
  for (const period of periods) await world.asks.splitBill(integrationId, period);
  return 'wanted';
};

/** The bill is good as far as receiving goes; what ended badly is the newest run of one of its periods. */
const runAgain: Release = async (world, { id, integrationId, periods, status }) => {
  const ended = await Promise.all(
    periods.map(async (period) => {
      const [newest] = (await world.runs.list({ integrationId, period, limit: 1 })).items;
      const badly = newest?.deliveryId === id && (newest.status === 'Quarantined' || newest.status === 'Failed');
      return badly ? [period] : [];
    }),
  );
  const again = ended.flat();
  if (again.length === 0) throw new Problem('nothing_to_release', { status });
  for (const period of again) await world.asks.splitBill(integrationId, period);
  return 'run_again';
};

const RELEASES: Readonly<Record<Delivery['status'], Release>> = {
  Receiving: nothing,
  Ignored: nothing,
  Superseded: nothing,
  Held: want,
  Quarantined: receiveAgain,
  Failed: receiveAgain,
  Registered: runAgain,
};
