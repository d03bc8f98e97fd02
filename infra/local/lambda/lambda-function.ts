import { randomUUID } from 'node:crypto';
import { type ExecutionEnvironment, type Outcome, startEnvironment } from './execution-environment.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { LambdaProblem } from './lambda-problem.ts';
import type { EnvironmentCredentials } from './lambda-variables.ts';
import type { ReportedError } from './runtime-messages.ts';

/** Limit of a synchronous request and answer, 6 MB ("Lambda quotas"), in bytes of JSON. */
const PAYLOAD_BYTES_MAX = 6_291_556;
/** Environments that one function may have here; further invocations wait, as they would for a cold start. */
const ENVIRONMENTS_MAX = 50;
const IDLE_SECONDS = 300;

/** The answer of the Invoke operation: a payload of JSON text, and `Unhandled` when it is an error's. */
export interface InvokeResult {
  readonly requestId: string;
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

/** One line that a function or its runtime wrote. */
export interface LogLine {
  readonly functionName: string;
  readonly line: string;
  readonly stream: 'stdout' | 'stderr' | 'runtime';
}

/** Makes keys for one execution environment. */
export type CredentialsOf = (configuration: FunctionConfiguration) => EnvironmentCredentials;

/** What the functions of one machine share. */
export interface FunctionSurroundings {
  readonly region: string;
  /** Read at every start of an environment, so that a stand-in may come up after the function is known. */
  readonly machineVariables: () => Readonly<Record<string, string>>;
  readonly credentialsOf: CredentialsOf;
  readonly temporaryFolder: string;
  readonly onLine: (line: LogLine) => void;
  readonly onInvocation?: (functionName: string, outcome: InvocationOutcome) => void;
}

/** How an invocation ended, as Lambda's metrics count it: a throttled one is neither an invocation nor an error. */
export type InvocationOutcome = 'ok' | 'error' | 'throttled';

/** A deployed function and its execution environments. */
export interface LambdaFunction {
  readonly configuration: FunctionConfiguration;
  /** @throws LambdaProblem TooManyRequestsException, RequestTooLargeException */
  invoke(payload: string): Promise<InvokeResult>;
  close(): Promise<void>;
}

/** Keeps idle environments for the next invocation and starts one whenever none is idle, as Lambda does. */
export function deployFunction(configuration: FunctionConfiguration, around: FunctionSurroundings): LambdaFunction {
  const { name } = configuration;
  const idle: { environment: ExecutionEnvironment; expiry: NodeJS.Timeout }[] = [];
  const living = new Set<ExecutionEnvironment>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;

  const start = () => {
    const environment = startEnvironment({
      configuration,
      region: around.region,
      machineVariables: around.machineVariables(),
      credentials: around.credentialsOf(configuration),
      temporaryFolder: around.temporaryFolder,
      onLine: (line, stream) => around.onLine({ functionName: name, line, stream }),
    });
    living.add(environment);
    return environment;
  };
  const take = (): ExecutionEnvironment => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.expiry);
      if (kept.environment.alive) return kept.environment;
      living.delete(kept.environment);
    }
    return start();
  };
  const release = (environment: ExecutionEnvironment) => {
    if (!environment.alive || closed) {
      living.delete(environment);
      return;
    }
    const expiry = setTimeout(() => {
      idle.splice(
        idle.findIndex((kept) => kept.environment === environment),
        1,
      );
      living.delete(environment);
      void environment.stop();
    }, IDLE_SECONDS * 1000);
    idle.push({ environment, expiry: expiry.unref() });
  };

  return {
    configuration,
    invoke: async (payload) => {
      checkRequest(configuration, payload, () => around.onInvocation?.(name, 'throttled'), busy);
      if (closed) throw new LambdaProblem('ServiceException', 500, 'The machine is shutting down');
      while (busy >= ENVIRONMENTS_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      const environment = take();
      const requestId = randomUUID();
      const started = performance.now();
      try {
        const outcome = bounded(await environment.invoke(requestId, payload));
        if (!closed) {
          around.onInvocation?.(name, outcome.ok ? 'ok' : 'error');
          around.onLine({ functionName: name, line: reportLine(requestId, started, outcome), stream: 'runtime' });
        }
        return outcome.ok
          ? { requestId, payload: outcome.payload }
          : { requestId, payload: JSON.stringify(outcome.error), functionError: 'Unhandled' };
      } finally {
        busy -= 1;
        release(environment);
        waiting.shift()?.();
      }
    },
    close: async () => {
      closed = true;
      for (const { expiry } of idle) clearTimeout(expiry);
      await Promise.all([...living].map((environment) => environment.stop()));
    },
  };
}

function checkRequest(
  { name, concurrencyMax }: FunctionConfiguration,
  payload: string,
  onThrottled: () => void,
  busy: number,
): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > PAYLOAD_BYTES_MAX)
    throw new LambdaProblem(
      'RequestTooLargeException',
      413,
      `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${PAYLOAD_BYTES_MAX} bytes)`,
    );
  if (concurrencyMax !== undefined && busy >= concurrencyMax) {
    onThrottled();
    throw new LambdaProblem('TooManyRequestsException', 429, `Rate Exceeded: ${name} runs ${busy} at once`);
  }
}

function bounded(outcome: Outcome): Outcome {
  if (!outcome.ok || Buffer.byteLength(outcome.payload) <= PAYLOAD_BYTES_MAX) return outcome;
  return {
    ok: false,
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`,
      trace: [],
    },
  };
}

function reportLine(requestId: string, started: number, outcome: Outcome): string {
  const took = `REPORT RequestId: ${requestId}\tDuration: ${(performance.now() - started).toFixed(2)} ms`;
  return outcome.ok ? took : `${took}\t${summary(outcome.error)}`;
}

const summary = ({ errorType, errorMessage }: ReportedError) => `Error: ${errorType}: ${errorMessage}`;
