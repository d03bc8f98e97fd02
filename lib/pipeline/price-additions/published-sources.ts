import { z } from 'zod';
import type { AdditionsPointer } from '../../domain/additions-pointer.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';

/** The published runs of one period, by integration. */
export async function publishedSources(
  periods: Pick<PeriodStore, 'list'>,
  period: BillingPeriod,
): Promise<AdditionsPointer['sources']> {
  return (await periods.list())
    .flatMap((state) =>
      state.period === period && state.published !== null
        ? [{ integrationId: state.integrationId, runId: state.published.runId }]
        : [],
    )
    .sort((one, other) => (one.integrationId < other.integrationId ? -1 : 1));
}

const Currencies = z.array(z.object({ currency: z.string() }));

/** The billing currencies of those runs, sorted, each once. */
export async function currenciesOf(
  lake: Pick<ObjectStore, 'readText'>,
  sources: AdditionsPointer['sources'],
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { runId } of sources) {
    const summary = await lake.readText(LAKE.summary(runId));
    if (summary === undefined) throw new Error(`${LAKE.summary(runId)} is not in the lake`);
    for (const { currency } of Currencies.parse(JSON.parse(summary.text))) found.add(currency);
  }
  return [...found].sort();
}
