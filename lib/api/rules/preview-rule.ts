import type { previewRule as contract } from '../../contracts/rules/preview-rule.ts';
import type { PreviewId } from '../../domain/ids.ts';
import type { PreviewAsks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { UseCase } from '../use-case.ts';
import { type PreviewJob, writeJob } from './preview-job.ts';
import { type PreviewDeps, planPreview, pricePreview } from './price-preview.ts';
import { rowsInScope } from './rows-in-scope.ts';
import { runningPreview } from './running-preview.ts';

/** What a preview needs of the world where it may become a job. */
export interface PreviewRuleDeps extends PreviewDeps {
  readonly lake: PreviewDeps['lake'] & Pick<ObjectStore, 'writeText'>;
  readonly previewAsks: PreviewAsks;
  readonly clock: Clock;
  readonly newPreviewId: () => PreviewId;
}

/** So many rows are priced twice within the gateway's 30 s, also on a function that has just been started. */
const ROWS_AT_ONCE = 100_000;

/** Says what a change of the rules would do to a published period: at once, or as a job where there are many rows. */
export const previewRule =
  (deps: PreviewRuleDeps): UseCase<typeof contract> =>
  async ({ body: request }) => {
    const planned = await planPreview(deps, request);
    const rowsTotal = await rowsInScope(deps.lake, planned);
    if (!request.background && rowsTotal <= ROWS_AT_ONCE) return { body: await pricePreview(deps, planned) };
    const now = deps.clock.now().toISOString();
    const job: PreviewJob = {
      id: deps.newPreviewId(),
      ...{ request, rowsTotal, rowsDone: 0, startedAt: now, updatedAt: now, preview: null, reason: null },
    };
    await writeJob(deps.lake, job);
    await deps.previewAsks.preview(job.id);
    return { body: runningPreview(job), status: 202 };
  };
