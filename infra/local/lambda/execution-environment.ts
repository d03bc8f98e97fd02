import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionConfiguration } from './function-configuration.ts';
import { type EnvironmentCredentials, lambdaVariables } from './lambda-variables.ts';
import type { InvokeMessage, ReportedError, RuntimeMessage } from './runtime-messages.ts';

const RUNTIME_FILE = fileURLToPath(new URL('./runtime.ts', import.meta.url));
/** Lambda gives a module 10 s to load before it counts against the function's own time-out. */
const INIT_SECONDS = 10;

/** What becomes of one invocation: the JSON text of the answer, or of the error. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: ReportedError };

/** One execution environment: a process that runs one invocation at a time and keeps its module's state in between. */
export interface ExecutionEnvironment {
  /** Never rejects. After a time-out or crash the environment is dead. */
  invoke(requestId: string, payload: string): Promise<Outcome>;
  readonly alive: boolean;
  /** Ends the process at once, whatever it is doing; resolves when it is gone. */
  stop(): Promise<void>;
}

/** What an environment needs from the machine around it. */
export interface EnvironmentOptions {
  readonly configuration: FunctionConfiguration;
  readonly region: string;
  /** `AWS_ENDPOINT_URL_<SERVICE>` and whatever else the unmodified SDK needs to find the stand-ins. */
  readonly machineVariables: Readonly<Record<string, string>>;
  readonly credentials: EnvironmentCredentials;
  /** Holds a folder per environment: what `/tmp` is to a function. */
  readonly temporaryFolder: string;
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/**
 * A process and not a worker thread: a thread inside a native DuckDB query cannot be stopped (neither by `terminate` nor
 * by the exit of the process), shares the time zone and the thread pool, and takes as long to start.
 */
export function startEnvironment(options: EnvironmentOptions): ExecutionEnvironment {
  const { configuration } = options;
  const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  const temporaryFolder = join(options.temporaryFolder, randomUUID());
  mkdirSync(temporaryFolder, { recursive: true });
  const child = fork(RUNTIME_FILE, [configuration.codeFolder, configuration.handler, RUNTIME_FILE], {
    cwd: configuration.codeFolder,
    env: {
      ...lambdaVariables(configuration, options.region, logStreamName, options.credentials),
      ...options.machineVariables,
      TMPDIR: temporaryFolder,
      ...configuration.variables,
    },
    execArgv: [`--max-old-space-size=${configuration.memoryMegabytes}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    const source = child[stream];
    if (source !== null) createInterface({ input: source }).on('line', (line) => options.onLine(line, stream));
  }
  let alive = true;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    alive = false;
    rmSync(temporaryFolder, { recursive: true, force: true });
  });
  const stop = () => {
    alive = false;
    child.kill('SIGKILL');
    return ended;
  };
  const loaded = nextMessage(child, ended, () => true, INIT_SECONDS + configuration.timeoutSeconds);

  return {
    get alive() {
      return alive;
    },
    stop,
    invoke: async (requestId, payload) => {
      const first = await loaded;
      if (first !== 'time-out' && first.kind !== 'ready') {
        void stop();
        return { ok: false, error: failureOf(first, requestId) };
      }
      if (first === 'time-out') return timedOut(configuration, requestId, stop);
      const answer = nextMessage(
        child,
        ended,
        (message) => message.kind === 'crash' || ('requestId' in message && message.requestId === requestId),
        configuration.timeoutSeconds,
      );
      child.send(invocation(configuration, requestId, payload, logStreamName), () => undefined);
      const message = await answer;
      if (message === 'time-out') return timedOut(configuration, requestId, stop);
      if (message.kind === 'result') return { ok: true, payload: message.payload };
      if (message.kind !== 'error') void stop();
      return { ok: false, error: failureOf(message, requestId) };
    },
  };
}

type Exit = { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null };

/** The next message that is wanted, the end of the process, or `time-out`. */
function nextMessage(
  child: ChildProcess,
  ended: Promise<void>,
  wanted: (message: RuntimeMessage) => boolean,
  timeoutSeconds: number,
): Promise<RuntimeMessage | Exit | 'time-out'> {
  return new Promise((resolve) => {
    const finish = (result: RuntimeMessage | Exit | 'time-out') => {
      clearTimeout(timer);
      child.off('message', onMessage);
      resolve(result);
    };
    const onMessage = (message: RuntimeMessage) => {
      if (wanted(message)) finish(message);
    };
    const timer = setTimeout(() => finish('time-out'), timeoutSeconds * 1000);
    child.on('message', onMessage);
    void ended.then(() => finish({ kind: 'exit', code: child.exitCode, signal: child.signalCode }));
  });
}

function failureOf(message: RuntimeMessage | Exit, requestId: string): ReportedError {
  if (message.kind === 'error' || message.kind === 'init-error' || message.kind === 'crash') return message.error;
  const how =
    message.kind === 'exit' && message.signal !== null
      ? `signal: ${message.signal}`
      : `exit status ${message.kind === 'exit' ? message.code : 'unknown'}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${how}`,
    trace: [],
  };
}

function timedOut({ timeoutSeconds }: FunctionConfiguration, requestId: string, stop: () => Promise<void>): Outcome {
  void stop();
  return {
    ok: false,
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
      trace: [],
    },
  };
}

function invocation(
  { name, arn, memoryMegabytes, logGroup, timeoutSeconds }: FunctionConfiguration,
  requestId: string,
  payload: string,
  logStreamName: string,
): InvokeMessage {
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`;
  return {
    kind: 'invoke',
    requestId,
    payload,
    deadline: Date.now() + timeoutSeconds * 1000,
    traceId: `Root=${root};Parent=${requestId.replaceAll('-', '').slice(16)};Sampled=0`,
    context: {
      functionName: name,
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
      logGroupName: logGroup,
      logStreamName,
    },
  };
}
