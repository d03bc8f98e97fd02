import { failDeadTask } from '../../lib/pipeline/fail-dead-task.ts';
import { taskTokens } from '../live.ts';
import { queueHandler } from '../middleware.ts';

/** Consumer of the dead-letter queues of convert and price. */
export const handler = queueHandler('FailDeadTask', failDeadTask({ tokens: taskTokens() }));
