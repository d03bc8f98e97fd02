import { z } from 'zod';
import { AdditionsSummary } from '../../contracts/additions/additions-summary.ts';
import type { getAdditions as contract } from '../../contracts/additions/get-additions.ts';
import { isRecomputing } from '../../domain/is-recomputing.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { explainReason } from '../explain-reason.ts';
import type { UseCase } from '../use-case.ts';

interface Deps {
  readonly additions: Pick<AdditionsStore, 'find'>;
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly config: Pick<PartnerConfigReader, 'history'>;
  readonly lake: Pick<ObjectStore, 'readText'>;
}

/** Answers a period's charges and credits as PriceAdditions wrote them, and whether they still are those wanted. */
export const getAdditions =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ params: { period } }) => {
    const config = await deps.config.history();
    const states = await deps.periods.list();
    const pointer = await deps.additions.find(period);
    const text = pointer && (await deps.lake.readText(LAKE.additionsSummary(period, pointer.uuid)))?.text;
    return {
      body: {
        recomputing: isRecomputing(pointer, { period, states, config }),
        additions: text === undefined ? [] : z.array(AdditionsSummary).parse(JSON.parse(text)),
        reason: explainReason(pointer?.reason ?? null),
      },
    };
  };
