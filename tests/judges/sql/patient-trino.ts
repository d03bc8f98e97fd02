import { setTimeout as sleep } from 'node:timers/promises';
import { type Trino, TrinoError } from './trino-client.ts';

const PAUSE_MILLISECONDS = 50;
const PATIENCE_SECONDS = 120;

/**
 * The same Trino where a statement that finds no node to run on is posted again until there is one, for two minutes: a
 * starved Trino loses sight of its only node and finds it again by itself, and nothing of the statement has begun then.
 */
export function patientTrino(trino: Trino): Trino {
  return async (sql, session) => {
    const until = performance.now() + PATIENCE_SECONDS * 1_000;
    for (;;)
      try {
        return await trino(sql, session);
      } catch (error) {
        const hasNoNode = error instanceof TrinoError && error.code === 'NO_NODES_AVAILABLE';
        if (!hasNoNode || performance.now() > until) throw error;
        await sleep(PAUSE_MILLISECONDS);
      }
  };
}
