import type { correctMonth as contract } from '../../contracts/months/correct-month.ts';
import { monthForCorrections } from '../../domain/corrections.ts';
import { FrozenConfig } from '../../domain/frozen-config.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { Asks } from '../../ports/asks.ts';
import type { Clock, FreshUuid } from '../../ports/clock.ts';
import type { ClosingStore } from '../../ports/closing-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { UseCase } from '../use-case.ts';

interface Deps {
  readonly config: Pick<PartnerConfigReader, 'read' | 'history'>;
  readonly closings: Pick<ClosingStore, 'correct'>;
  readonly lake: Pick<ObjectStore, 'writeText'>;
  readonly asks: Pick<Asks, 'priceAdditions'>;
  readonly clock: Clock;
  readonly freshUuid: FreshUuid;
}

/** Writes down what the month is corrected by while that is still the configuration, and asks for the month that carries it. */
export const correctMonth =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ params: { period } }) => {
    const config = await deps.config.read();
    const history = await deps.config.history();
    if (!history.closed?.[period]) throw new Problem('month_not_closed', { period });
    const correctedIn = monthForCorrections(history, period);
    const key = LAKE.frozenConfig(period, deps.freshUuid());
    await deps.lake.writeText(key, JSON.stringify(FrozenConfig.parse(config)));
    const { revision } = config;
    const asked = { at: deps.clock.now().toISOString(), revision, key };
    if ((await deps.closings.correct(period, { in: correctedIn, revision, asked })) === 'stale')
      throw new Problem('conflict', { what: 'the configuration, or a month' });
    await deps.asks.priceAdditions(correctedIn);
    return { body: { period, correctedIn, configRevision: revision } };
  };
