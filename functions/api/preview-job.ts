import { runPreviewJob } from '../../lib/api/rules/preview-job.ts';
import { previewWorld } from '../live-previews.ts';
import { queueHandler } from '../middleware.ts';

/** Consumer of the previews queue. */
export const handler = queueHandler('Preview', runPreviewJob(previewWorld()));
