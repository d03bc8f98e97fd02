import type { getPreview as contract } from '../../contracts/rules/get-preview.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { explainReason } from '../explain-reason.ts';
import type { UseCase } from '../use-case.ts';
import { PreviewJob } from './preview-job.ts';
import { runningPreview } from './running-preview.ts';

/** Three tries of a worker that is killed each time take less: nothing is to be waited for after it. */
const LOST_AFTER_HOURS = 5;

/** Says how far a preview is that was made as a job, or what came of it. */
export const getPreview =
  (deps: { lake: Pick<ObjectStore, 'readText'>; clock: Clock }): UseCase<typeof contract> =>
  async ({ params: { previewId } }) => {
    const text = (await deps.lake.readText(LAKE.preview(previewId)))?.text;
    if (text === undefined) throw new Problem('not_found', { what: 'preview', id: previewId });
    const job = PreviewJob.parse(JSON.parse(text));
    if (job.preview !== null) return { body: job.preview };
    const isLost = deps.clock.now().getTime() - Date.parse(job.updatedAt) > LOST_AFTER_HOURS * 3_600_000;
    const reason = explainReason(job.reason ?? (isLost ? LOST : null));
    return { body: reason === null ? runningPreview(job) : { status: 'failed', id: job.id, reason } };
  };

const LOST = new Problem('worker_failed', { step: 'preview-job', reason: 'it was not heard of any more' }).stored();
