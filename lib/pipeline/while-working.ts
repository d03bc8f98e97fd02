import type { TaskTokens } from '../ports/executions.ts';

/** How often a worker says that it lives; the state's HeartbeatSeconds is many times that. */
export const HEARTBEAT_SECONDS = 60;

/**
 * Does `act` for a waiting task, saying at once and then every `everySeconds` that it is being worked on. The first word
 * tells whether anybody still waits: a dead token is `'dead'`, and the work is not done. A later word that gets lost is
 * no reason to stop: the next one comes, and the answer itself finds out.
 */
export async function whileWorking<Result>(
  { tokens, token, everySeconds = HEARTBEAT_SECONDS }: { tokens: TaskTokens; token: string; everySeconds?: number },
  act: () => Promise<Result>,
): Promise<Result | 'dead'> {
  if (!(await tokens.heartbeat(token))) return 'dead';
  const timer = setInterval(() => void tokens.heartbeat(token).catch(() => undefined), everySeconds * 1000);
  try {
    return await act();
  } finally {
    clearInterval(timer);
  }
}
