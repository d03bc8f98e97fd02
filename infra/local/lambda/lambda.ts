import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import { type StandIn, serve } from '../stand-in.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { openFunctionLog } from './function-log.ts';
import {
  type CredentialsOf,
  deployFunction,
  type InvocationOutcome,
  type InvokeResult,
  type LambdaFunction,
  type LogLine,
} from './lambda-function.ts';
import { LambdaProblem } from './lambda-problem.ts';

/** An asynchronous invocation that fails is tried again after one minute, then after two ("Asynchronous invocation"). */
const EVENT_RETRY_SECONDS = [60, 120] as const;
/** Limit of an asynchronous request. */
const EVENT_BYTES_MAX = 1_048_576;

/** Lambda: deployed functions and the Invoke operation. */
export interface LambdaStandIn extends StandIn {
  /** Deploying a name again replaces its function, whose environments end. */
  deploy(configuration: FunctionConfiguration): void;
  /**
   * Runs a function and waits for its answer.
   *
   * @param target name or ARN.
   * @throws LambdaProblem ResourceNotFoundException, TooManyRequestsException, RequestTooLargeException
   */
  invoke(target: string, payload: string): Promise<InvokeResult>;
  /** Asynchronous: returns at once; an error is retried twice, then the event is a dead letter. @throws as `invoke` */
  invokeEvent(target: string, payload: string): void;
}

/** What the functions run in. */
export interface LambdaOptions {
  readonly region: string;
  /** Function logs go to `logs/`, the functions' own `/tmp` to `tmp/` under it. */
  readonly folder: string;
  /** What the SDK inside a function needs to find the other stand-ins. */
  readonly machineVariables: () => Readonly<Record<string, string>>;
  readonly onLine?: (line: LogLine) => void;
  /** Told of every invocation once it has ended, and of those that were refused. */
  readonly onInvocation?: (functionName: string, outcome: InvocationOutcome) => void;
  /** Keys for each new execution environment, of a session of the function's role; keys of nobody when it is absent. */
  readonly credentialsOf?: CredentialsOf;
  /** Asked before each call of Invoke over HTTP; everybody may when it is absent. */
  readonly authorize?: AuthorizeCall;
  /** Takes an event that failed for the last time to the function's dead-letter queue. */
  readonly onDeadLetter?: (configuration: FunctionConfiguration, payload: string) => Promise<void>;
  readonly eventRetrySeconds?: readonly number[];
  readonly port?: number;
}

/** Starts Lambda without any function. */
export async function startLambda(options: LambdaOptions): Promise<LambdaStandIn> {
  const functions = new Map<string, LambdaFunction>();
  const retries = new Set<NodeJS.Timeout>();
  let closed = false;
  const temporaryFolder = join(options.folder, 'tmp');
  // What environments of a process that was killed have left behind.
  rmSync(temporaryFolder, { recursive: true, force: true });
  const log = openFunctionLog(join(options.folder, 'logs'));
  const onLine = (line: LogLine) => {
    log.write(line);
    options.onLine?.(line);
  };
  const find = (target: string): LambdaFunction => {
    const name = target.split(':function:').at(-1)?.split(':')[0] ?? target;
    const found = functions.get(name);
    if (found === undefined) throw new LambdaProblem('ResourceNotFoundException', 404, `Function not found: ${target}`);
    return found;
  };
  const attempt = async (found: LambdaFunction, payload: string, delays: readonly number[]): Promise<void> => {
    const result = await found.invoke(payload).catch((problem: unknown) => ({ functionError: String(problem) }));
    const [delaySeconds, ...rest] = delays;
    if (result.functionError === undefined || closed) return;
    if (delaySeconds === undefined) {
      if (found.configuration.deadLetterArn !== undefined) await options.onDeadLetter?.(found.configuration, payload);
      return;
    }
    const timer = setTimeout(() => {
      retries.delete(timer);
      void attempt(found, payload, rest);
    }, delaySeconds * 1000);
    retries.add(timer);
  };
  const lambda: Omit<LambdaStandIn, keyof StandIn> = {
    deploy: (configuration) => {
      void functions.get(configuration.name)?.close();
      functions.set(
        configuration.name,
        deployFunction(configuration, {
          region: options.region,
          machineVariables: options.machineVariables,
          credentialsOf: options.credentialsOf ?? (() => NOBODYS_KEYS),
          temporaryFolder,
          onLine,
          ...(options.onInvocation ? { onInvocation: options.onInvocation } : {}),
        }),
      );
    },
    invoke: async (target, payload) => find(target).invoke(payload),
    invokeEvent: (target, payload) => {
      if (Buffer.byteLength(payload) > EVENT_BYTES_MAX)
        throw new LambdaProblem('RequestTooLargeException', 413, 'payload is too large for the Event invocation type');
      void attempt(find(target), payload, options.eventRetrySeconds ?? EVENT_RETRY_SECONDS);
    },
  };
  const { authorize = anybody } = options;
  const server = await serve((request, response) => void answer(lambda, authorize, request, response), options.port);
  return {
    ...lambda,
    endpoint: server.endpoint,
    close: async () => {
      closed = true;
      for (const timer of retries) clearTimeout(timer);
      await Promise.all([...functions.values()].map((deployed) => deployed.close()));
      await server.close();
      await log.close();
    },
  };
}

/** What the SDK asks for, where no stand-in looks at it. */
const NOBODYS_KEYS = { accessKeyId: 'AKIALOCALFUNCTION', secretAccessKey: 'local', sessionToken: 'local' };

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** `POST /2015-03-31/functions/<name>/invocations`, the one operation of Lambda's API that runs here. */
async function answer(
  lambda: Omit<LambdaStandIn, keyof StandIn>,
  authorize: AuthorizeCall,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (statusCode: number, body: string, headers: Record<string, string> = {}) =>
    response
      .writeHead(statusCode, { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers })
      .end(body);
  try {
    const target = INVOKE_PATH.exec((request.url ?? '').split('?')[0] ?? '')?.[1];
    if (request.method !== 'POST' || target === undefined)
      throw new LambdaProblem('UnknownOperationException', 404, 'Only Invoke runs on this machine');
    authorize(signedBy(request.headers), 'Invoke', decodeURIComponent(target));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const payload = Buffer.concat(chunks).toString('utf8') || 'null';
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'Event') {
      lambda.invokeEvent(decodeURIComponent(target), payload);
      reply(202, '');
      return;
    }
    const result = await lambda.invoke(decodeURIComponent(target), payload);
    reply(200, result.payload, {
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
    });
  } catch (error) {
    const problem = problemOf(error);
    reply(problem.statusCode, JSON.stringify({ Type: 'User', Message: problem.message }), {
      'x-amzn-errortype': problem.name,
    });
  }
}

function problemOf(error: unknown): LambdaProblem {
  if (error instanceof LambdaProblem) return error;
  if (error instanceof AccessDenied) return new LambdaProblem('AccessDeniedException', 403, error.message);
  if (error instanceof UnknownCaller) return new LambdaProblem('UnrecognizedClientException', 403, error.message);
  return new LambdaProblem('ServiceException', 500, String(error));
}
