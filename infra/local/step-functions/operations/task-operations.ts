import { z } from 'zod';
import { ServiceError } from '../service-error.ts';
import { StateError } from '../state-error.ts';
import type { TaskTokens } from '../task-tokens.ts';
import { type Operations, operation, Payload } from './operation.ts';

const Token = z.object({ taskToken: z.string().min(1).max(2048) });

/** The answers to task tokens. @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token */
export const taskOperations = (tokens: TaskTokens): Operations => ({
  SendTaskSuccess: operation(Token.extend({ output: Payload }), ({ taskToken, output }) => {
    checkOutput(output);
    tokens.succeed(taskToken, output);
    return {};
  }),
  SendTaskFailure: operation(
    Token.extend({ error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
    ({ taskToken, error = '', cause }) => {
      tokens.fail(taskToken, new StateError(error, cause));
      return {};
    },
  ),
  SendTaskHeartbeat: operation(Token, ({ taskToken }) => {
    tokens.heartbeat(taskToken);
    return {};
  }),
});

function checkOutput(output: string): void {
  try {
    JSON.parse(output);
  } catch (thrown) {
    throw new ServiceError('InvalidOutput', `Invalid Output: '${String(thrown)}'`);
  }
}
