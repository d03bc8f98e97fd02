import { z } from 'zod';
import type { StoredProblem } from '../domain/problem.ts';
import { ERROR_NAMES } from '../names/error-names.ts';
import type { TaskTokens } from '../ports/executions.ts';

/** A task that came to the dead-letter queue of convert or price: it waits until somebody answers its token. */
const DeadTask = z.object({
  token: z.string(),
  deliveryId: z.string().optional(),
  batch: z.int().optional(),
  runId: z.string().optional(),
  shard: z.int().optional(),
});

/**
 * Fails the token of a task that no worker could finish, so that its execution goes on to a named end at once instead of
 * at its time-out. A token that is dead already is fine.
 */
export const failDeadTask =
  ({ tokens }: { tokens: Pick<TaskTokens, 'fail'> }) =>
  async (message: unknown): Promise<{ outcome: 'failed' | 'dead'; id: string }> => {
    const task = DeadTask.parse(message);
    const converts = task.deliveryId !== undefined;
    const id = converts ? `${task.deliveryId}, batch ${task.batch}` : `${task.runId}, shard ${task.shard}`;
    const problem: StoredProblem = {
      code: 'worker_failed',
      details: { step: converts ? 'ConvertFiles' : 'PriceShards', reason: `every attempt at ${id} broke off` },
    };
    const heard = await tokens.fail(task.token, ERROR_NAMES.workerFailed, JSON.stringify(problem));
    return { outcome: heard ? 'failed' : 'dead', id };
  };
