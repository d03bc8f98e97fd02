import { checkArn, checkName, executionArn, type Home } from './arns.ts';
import type { ExecutionWorld } from './branch.ts';
import type { Clock } from './clock.ts';
import { type Ending, ExecutionRun } from './execution-run.ts';
import { HISTORY_LIMIT_EVENTS, History, type HistoryEvent, readHistory } from './history.ts';
import type { Integrations } from './integrations/integration.ts';
import { type RecordFiles, summaryOf } from './record-files.ts';
import type { ExecutionRecord, ExecutionSummary, StateMachineRecord } from './records.ts';
import { redriveStatus } from './redrive-status.ts';
import { ServiceError } from './service-error.ts';
import type { StateMachines } from './state-machines.ts';
import type { TaskTokens } from './task-tokens.ts';

/** What executions need around them. */
export interface ExecutionsWorld {
  readonly home: Home;
  readonly clock: Clock;
  readonly files: RecordFiles;
  readonly machines: StateMachines;
  readonly integrations: Integrations;
  readonly tokens: TaskTokens;
  readonly onStatusChange: (record: ExecutionRecord) => void;
}

/** A closed execution, and its name with it, is kept for 90 days. */
const KEPT_MILLISECONDS = 90 * 86_400_000;

/** The executions of one stand-in, under way and closed. All throw {ServiceError}s of the service's own names. */
export class Executions {
  readonly #world: ExecutionsWorld;
  readonly #summaries = new Map<string, ExecutionSummary>();
  readonly #running = new Map<string, ExecutionRun>();

  constructor(world: ExecutionsWorld) {
    this.#world = world;
    const oldest = world.clock.now() - KEPT_MILLISECONDS;
    for (const record of world.files.executions()) {
      if ((record.stopDate ?? oldest) < oldest) world.files.removeExecution(record.executionArn);
      else this.#summaries.set(record.executionArn, summaryOf(record));
    }
  }

  /**
   * Starts an execution. A running one of that name with the same input is answered as if it were new.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  start(machine: StateMachineRecord, name: string, input: string): ExecutionSummary {
    checkName(name);
    const arn = executionArn(this.#world.home, machine.name, name);
    const there = this.#summaries.get(arn);
    if (there !== undefined) {
      if (there.status === 'RUNNING' && this.#world.files.execution(arn).input === input) return there;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const { stateMachineArn, name: stateMachineName, roleArn, definition } = machine;
    const startDate = this.#world.clock.now();
    const of = { executionArn: arn, stateMachineArn, stateMachineName, roleArn, name };
    const record: ExecutionRecord = { ...of, status: 'RUNNING', startDate, input, redriveCount: 0 };
    this.#world.files.addExecution(record, definition);
    const run = this.#open(record);
    this.#world.onStatusChange(record);
    run.begin();
    return summaryOf(record);
  }

  /** Takes up what was running when an earlier process ended, and answers which those are. */
  resume(): readonly string[] {
    const open = [...this.#summaries.values()].filter(
      ({ status, executionArn: arn }) => status === 'RUNNING' && !this.#running.has(arn),
    );
    for (const { executionArn: arn } of open) this.#takeUp(this.describe(arn));
    return open.map(({ executionArn: arn }) => arn);
  }

  /** An execution whose definition this machine cannot run any more fails instead. */
  #takeUp(record: ExecutionRecord): void {
    try {
      this.#open(record).resume(this.#world.files.position(record.executionArn));
    } catch (thrown) {
      this.#ended(record, { status: 'FAILED', error: 'States.Runtime', cause: String(thrown) });
    }
  }

  /** Runs a failed, stopped or timed-out execution again from the top-level state it ended in. */
  redrive(arn: string): number {
    const { clock, files, onStatusChange } = this.#world;
    const { output: _output, error: _error, cause: _cause, stopDate: _stopDate, ...ended } = this.describe(arn);
    const { status, reason } = redriveStatus(this.#summary(arn), clock.now());
    if (status === 'NOT_REDRIVABLE' || new History(files.historyFile(arn), clock).lastId >= HISTORY_LIMIT_EVENTS - 1)
      throw new ServiceError(
        'ExecutionNotRedrivable',
        `Execution is not redrivable: '${reason ?? 'history exhausted'}'`,
      );
    const redriveDate = clock.now();
    const record: ExecutionRecord = { ...ended, status: 'RUNNING', redriveCount: ended.redriveCount + 1, redriveDate };
    files.saveExecution(record);
    const run = this.#open(record);
    onStatusChange(record);
    run.redrive(files.position(arn));
    return redriveDate;
  }

  /** Stopping one that has ended changes nothing. */
  stop(arn: string, error: string | undefined, cause: string | undefined): ExecutionSummary {
    // One that waits to be resumed is taken up just to be stopped.
    if (this.#summary(arn).status === 'RUNNING' && !this.#running.has(arn)) this.#takeUp(this.describe(arn));
    this.#running.get(arn)?.stop(error, cause);
    return this.#summary(arn);
  }

  describe(arn: string): ExecutionRecord {
    this.#summary(arn);
    return this.#world.files.execution(arn);
  }

  /** The definition this execution runs. */
  definition(arn: string): string {
    this.#summary(arn);
    return this.#world.files.definition(arn);
  }

  /** Newest first. */
  list(stateMachineArn: string): ExecutionSummary[] {
    return [...this.#summaries.values()]
      .filter((summary) => summary.stateMachineArn === stateMachineArn)
      .sort((one, other) => other.startDate - one.startDate || (one.executionArn < other.executionArn ? -1 : 1));
  }

  /** Events with ids `first` to `last`, oldest first. */
  history(arn: string, first: number, last: number): Promise<HistoryEvent[]> {
    this.#summary(arn);
    return readHistory(this.#world.files.historyFile(arn), first, last);
  }

  /** How many events there are so far. */
  historyLength(arn: string): number {
    this.#summary(arn);
    return new History(this.#world.files.historyFile(arn), this.#world.clock).lastId;
  }

  /** Ends and forgets all executions of a state machine that is being deleted. */
  removeAll(stateMachineArn: string): void {
    for (const { executionArn: arn } of this.list(stateMachineArn)) {
      this.stop(arn, undefined, undefined);
      this.#summaries.delete(arn);
      this.#world.files.removeExecution(arn);
    }
  }

  /** Lets go of what is running; a later process resumes it. */
  close(): void {
    for (const run of this.#running.values()) run.abandon();
    this.#running.clear();
  }

  #summary(arn: string): ExecutionSummary {
    checkArn(arn, 'execution');
    const there = this.#summaries.get(arn);
    if (there === undefined) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return there;
  }

  #open(record: ExecutionRecord): ExecutionRun {
    const { home, clock, files, integrations, tokens, machines } = this.#world;
    const { executionArn: arn, stateMachineArn, stateMachineName, roleArn, redriveCount } = record;
    const world: ExecutionWorld = {
      region: home.region,
      executionArn: arn,
      executionName: record.name,
      stateMachineArn,
      stateMachineName,
      roleArn,
      input: JSON.parse(record.input) as unknown,
      startedAt: record.startDate,
      redriveCount,
      redrivenAt: record.redriveDate,
      history: new History(files.historyFile(arn), clock),
      clock,
      tokens,
      integrations,
    };
    const run = new ExecutionRun(world, machines.parse(files.definition(arn)), {
      entering: (position) => files.savePosition(arn, position),
      ended: (ending) => this.#ended(record, ending),
    });
    this.#running.set(arn, run);
    this.#summaries.set(arn, summaryOf(record));
    return run;
  }

  #ended(record: ExecutionRecord, ending: Ending): void {
    const ended: ExecutionRecord = { ...record, ...ending, stopDate: this.#world.clock.now() };
    this.#world.files.saveExecution(ended);
    this.#running.delete(record.executionArn);
    this.#summaries.set(record.executionArn, summaryOf(ended));
    this.#world.onStatusChange(ended);
  }
}
