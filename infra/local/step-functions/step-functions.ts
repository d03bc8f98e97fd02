import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { type StandIn, serve } from '../stand-in.ts';
import type { Home } from './arns.ts';
import { type Clock, systemClock } from './clock.ts';
import { Executions } from './executions.ts';
import type { Integrations } from './integrations/integration.ts';
import { jsonProtocol } from './json-protocol.ts';
import { executionOperations } from './operations/execution-operations.ts';
import { stateMachineOperations } from './operations/state-machine-operations.ts';
import { taskOperations } from './operations/task-operations.ts';
import { RecordFiles } from './record-files.ts';
import type { ExecutionRecord } from './records.ts';
import { StateMachines } from './state-machines.ts';
import { type StatusChangeEvent, statusChangeEvent } from './status-change-event.ts';
import { TaskTokens } from './task-tokens.ts';

/** How a Step Functions stand-in is set up. */
export interface StepFunctionsOptions {
  /** What Tasks can call, by resource ARN without its pattern. */
  readonly integrations: Integrations;
  /** Told of every start and end of an execution. What it throws becomes a warning of the process. */
  readonly onStatusChange?: (event: StatusChangeEvent) => void | Promise<void>;
  /** Where state machines and executions are kept. Without one they are gone when the stand-in closes. */
  readonly folder?: string;
  readonly clock?: Clock;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly region?: string;
  readonly accountId?: string;
  /** Whether executions that were running when an earlier process ended go on at once: default true. */
  readonly resumeAtStart?: boolean;
  /** Asked before each call; everybody may when it is absent. */
  readonly authorize?: AuthorizeCall;
}

/** Step Functions on this machine. */
export interface StepFunctionsStandIn extends StandIn {
  /**
   * Takes up the executions that an earlier process left RUNNING, and answers their ARNs. Each enters its last top-level
   * state once more, with the input and variables it had; tokens of the earlier process are void. Call it once whatever the
   * integrations need is there, with `resumeAtStart: false`.
   */
  resume(): readonly string[];
}

/**
 * Plays Step Functions for the unmodified SDK: Standard state machines in JSONata, no activities, versions, aliases,
 * distributed Maps or Express.
 *
 * @throws the socket's own error, such as EADDRINUSE.
 */
export async function startStepFunctions(options: StepFunctionsOptions): Promise<StepFunctionsStandIn> {
  const { integrations, clock = systemClock, region = 'eu-central-1', accountId = '111122223333' } = options;
  const home: Home = { region, accountId };
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'step-functions-'));
  const files = new RecordFiles(folder);
  const machines = new StateMachines(files, home, clock, integrations);
  const tokens = new TaskTokens(clock);
  const onStatusChange = (record: ExecutionRecord) => announce(record, home, clock, options.onStatusChange);
  const executions = new Executions({ home, clock, files, machines, integrations, tokens, onStatusChange });
  const operations = {
    ...stateMachineOperations(machines, executions),
    ...executionOperations(machines, executions, clock),
    ...taskOperations(tokens),
  };
  const server = await serve(jsonProtocol('AWSStepFunctions', operations, options.authorize ?? anybody), options.port);
  if (options.resumeAtStart ?? true) executions.resume();
  return {
    endpoint: server.endpoint,
    resume: () => executions.resume(),
    close: async () => {
      executions.close();
      await server.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Later, so that the call that caused the change is not held up or broken by whoever listens. */
function announce(
  record: ExecutionRecord,
  home: Home,
  clock: Clock,
  listener: StepFunctionsOptions['onStatusChange'],
): void {
  if (listener === undefined) return;
  const event = statusChangeEvent(record, home, clock.now());
  Promise.resolve(event)
    .then(listener)
    .catch((thrown: unknown) =>
      process.emitWarning(`A listener of execution status changes failed: ${String(thrown)}`),
    );
}
