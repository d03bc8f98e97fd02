import { z } from 'zod';
import { StateError } from '../state-error.ts';
import type { Integration } from './integration.ts';

/** One invocation, as the Lambda API takes it. */
interface LambdaInvocation {
  /** Name or ARN, as the state machine gives it. */
  readonly functionName: string;
  readonly qualifier: string | undefined;
  /** JSON text. */
  readonly payload: string;
  readonly invocationType: 'RequestResponse' | 'Event';
  readonly signal: AbortSignal;
}

/** What the Lambda API answers; with `functionError` the payload is `{ errorType, errorMessage, … }`. */
export interface LambdaAnswer {
  /** JSON text; empty after an `Event`. */
  readonly payload: string;
  readonly functionError?: string | undefined;
  readonly executedVersion?: string | undefined;
}

/** Runs a function. Throws an error named as the API names it where the function was not run: `TooManyRequestsException`. */
export type InvokeLambda = (invocation: LambdaInvocation) => Promise<LambdaAnswer>;

const Arguments = z.object({
  FunctionName: z.string(),
  Payload: z.unknown().optional(),
  Qualifier: z.string().optional(),
  InvocationType: z.enum(['RequestResponse', 'Event']).default('RequestResponse'),
});
const FunctionError = z.object({ errorType: z.string() });

/**
 * `arn:aws:states:::lambda:invoke`, plain and `.waitForTaskToken`.
 *
 * A function's error is found by its `errorType`, with the whole payload as cause; without one it is `Lambda.Unknown`. A
 * refusal by the service is `Lambda.` and its name: `Lambda.TooManyRequestsException`, `Lambda.ServiceException`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export const lambdaInvoke =
  (invoke: InvokeLambda): Integration =>
  async (args, { signal }) => {
    const { FunctionName: functionName, Payload, Qualifier: qualifier, InvocationType: invocationType } = read(args);
    const payload = JSON.stringify(Payload ?? {});
    const answer = await invoke({ functionName, qualifier, payload, invocationType, signal }).catch(
      (thrown: unknown) => {
        throw serviceFailure(thrown);
      },
    );
    if (answer.functionError !== undefined) throw functionFailure(answer.payload);
    return {
      ExecutedVersion: answer.executedVersion ?? '$LATEST',
      Payload: parsed(answer.payload),
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: '' },
      StatusCode: invocationType === 'Event' ? 202 : 200,
    };
  };

function read(args: unknown): z.infer<typeof Arguments> {
  const read = Arguments.safeParse(args);
  if (!read.success) throw new StateError('States.Runtime', z.prettifyError(read.error));
  return read.data;
}

function serviceFailure(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new StateError(name.endsWith('Exception') ? `Lambda.${name}` : 'Lambda.Unknown', message);
}

function functionFailure(payload: string): StateError {
  const failure = FunctionError.safeParse(parsed(payload));
  if (failure.success) return new StateError(failure.data.errorType, payload);
  const cause = `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`;
  return new StateError('Lambda.Unknown', cause);
}

function parsed(payload: string): unknown {
  if (payload === '') return null;
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}
