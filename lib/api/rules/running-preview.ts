import type { PreviewJob } from './preview-job.ts';

/** A job as it is answered while it goes on. */
export function runningPreview({ id, startedAt, rowsDone, rowsTotal }: PreviewJob) {
  return { status: 'running', id, startedAt, rowsDone, rowsTotal } as const;
}
