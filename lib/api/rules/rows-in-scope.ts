import { z } from 'zod';
import { RunSummary } from '../../contracts/runs/run-summary.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { commitmentPolicies, sharesUnused } from '../../rules/commitments/commitment-policies.ts';
import type { PlannedPreview } from './price-preview.ts';

/** How many rows a preview has to read, as the runs' figures say: everybody's, where commitments are shared by use. */
export async function rowsInScope(
  lake: Pick<ObjectStore, 'readText'>,
  { states, settings, customers, inScope }: Pick<PlannedPreview, 'states' | 'settings' | 'customers' | 'inScope'>,
): Promise<number> {
  const isOfAll = sharesUnused(commitmentPolicies(settings.commitments, customers));
  const ids = new Set<string>(inScope.map(({ id }) => id));
  const summaries = await Promise.all(
    states.flatMap(({ published }) => (published ? [lake.readText(LAKE.summary(published.runId))] : [])),
  );
  return summaries
    .flatMap((summary) => z.array(RunSummary).parse(JSON.parse(summary?.text ?? '[]')))
    .flatMap((run) =>
      isOfAll
        ? [run.delivered.rows]
        : run.customers.filter(({ folder }) => ids.has(folder)).map(({ delivered }) => delivered.rows),
    )
    .reduce((sum, rows) => sum + rows, 0);
}
