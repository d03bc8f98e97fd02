import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { TaskTokens } from '../../ports/executions.ts';

/** Step Functions takes at most this many characters of a failed task's cause. */
const CAUSE_LENGTH_MAX = 32_768;

/** Answers to tasks that wait for their token. A token is dead once its task timed out, was answered, or its execution ended. */
export function stepFunctionsTaskTokens(client: SFNClient): TaskTokens {
  return {
    heartbeat: (taskToken) => alive(() => client.send(new SendTaskHeartbeatCommand({ taskToken }))),
    succeed: (taskToken, output) =>
      alive(() => client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
    fail: (taskToken, error, cause) =>
      alive(() =>
        client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, CAUSE_LENGTH_MAX) })),
      ),
  };
}

async function alive(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
      return false;
    throw error;
  }
}
