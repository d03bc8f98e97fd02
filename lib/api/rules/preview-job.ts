import { z } from 'zod';
import { PreviewRequest } from '../../contracts/rules/preview-rule.ts';
import { RulePreview } from '../../contracts/rules/rule-preview.ts';
import { Reason } from '../../domain/delivery.ts';
import { PreviewId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { type PreviewDeps, planPreview, pricePreview } from './price-preview.ts';
import { rowsInScope } from './rows-in-scope.ts';

/** What a preview that goes on as a job says of itself (`LAKE.preview`). */
export const PreviewJob = z.object({
  id: PreviewId,
  request: PreviewRequest,
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rowsDone: z.int().nonnegative(),
  rowsTotal: z.int().nonnegative(),
  preview: RulePreview.nullable(),
  reason: Reason.nullable(),
});
export type PreviewJob = z.infer<typeof PreviewJob>;

/** What the worker of previews reaches outside. */
export interface PreviewJobDeps extends PreviewDeps {
  readonly lake: PreviewDeps['lake'] & Pick<ObjectStore, 'writeText'>;
  readonly clock: Clock;
}

const Message = z.object({ id: PreviewId });

/**
 * Makes the preview that a message names, and writes down how far it is. A Problem is what came of it; of anything else
 * whoever asked is told that it failed, and it is thrown on, so that the message comes again.
 */
export const runPreviewJob =
  (deps: PreviewJobDeps) =>
  async (message: unknown): Promise<PreviewJob['id']> => {
    const { id } = Message.parse(message);
    const text = (await deps.lake.readText(LAKE.preview(id)))?.text;
    if (text === undefined) throw new Error(`${LAKE.preview(id)} is not in the lake`);
    let job = PreviewJob.parse(JSON.parse(text));
    const note = async (change: Partial<PreviewJob>) => {
      job = { ...job, ...change, updatedAt: deps.clock.now().toISOString() };
      await writeJob(deps.lake, job);
    };
    try {
      const planned = await planPreview(deps, job.request);
      await note({ rowsDone: 0, reason: null });
      const preview = await pricePreview(deps, planned, async (state) => {
        const rows = await rowsInScope(deps.lake, { ...planned, states: [state] });
        await note({ rowsDone: job.rowsDone + rows });
      });
      await note({ preview });
    } catch (error) {
      const problem = error instanceof Problem ? error : GAVE_UP;
      await note({ reason: problem.stored() });
      if (problem === GAVE_UP) throw error;
    }
    return id;
  };

const GAVE_UP = new Problem('worker_failed', { step: 'preview-job', reason: 'the log of preview-job says why' });

/** Writes down what a job says of itself. */
export async function writeJob(lake: Pick<ObjectStore, 'writeText'>, job: PreviewJob): Promise<void> {
  await lake.writeText(LAKE.preview(job.id), JSON.stringify(job));
}
