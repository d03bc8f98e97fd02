import { Abandoned, unlessAborted } from './abort.ts';
import { Branch, type ExecutionWorld, type Position } from './branch.ts';
import type { MachineDefinition } from './definition.ts';
import { eventData } from './event-data.ts';
import type { ExecutionRecord } from './records.ts';
import { runStates } from './run-states.ts';
import { StateError } from './state-error.ts';
import { VariableScope } from './variables.ts';

/** How an execution ended. */
export type Ending = Pick<ExecutionRecord, 'output' | 'error' | 'cause'> & {
  readonly status: Exclude<ExecutionRecord['status'], 'RUNNING'>;
};

/** What a run tells whoever keeps the records. */
export interface RunObserver {
  /** Before a top-level state is entered. */
  entering(position: Position): void;
  /** Once, after the history's last event. */
  ended(ending: Ending): void;
}

/** One execution that is under way in this process. */
export class ExecutionRun {
  readonly #world: ExecutionWorld;
  readonly #definition: MachineDefinition;
  readonly #observer: RunObserver;
  readonly #controller = new AbortController();
  readonly #branch: Branch;
  #open = true;

  constructor(world: ExecutionWorld, definition: MachineDefinition, observer: RunObserver) {
    this.#world = world;
    this.#definition = definition;
    this.#observer = observer;
    this.#branch = new Branch(world, this.#controller.signal, {
      onEntering: (position) => observer.entering(position),
      lastEventId: world.history.lastId,
    });
  }

  /** Begins at the first state. */
  begin(): void {
    const { history, input, roleArn } = this.#world;
    history.append('ExecutionStarted', 0, { executionStartedEventDetails: { ...eventData('input', input), roleArn } });
    this.#go(undefined);
  }

  /** Goes on where an earlier process was: enters that state once more. */
  resume(position: Position | undefined): void {
    this.#go(position);
  }

  /** Goes on at the state that failed: enters it once more. */
  redrive(position: Position | undefined): void {
    const { redriveCount } = this.#world;
    this.#branch.record('ExecutionRedriven', { executionRedrivenEventDetails: { redriveCount } });
    this.#go(position);
  }

  /** Ends it as ABORTED. */
  stop(error: string | undefined, cause: string | undefined): void {
    this.#end({ status: 'ABORTED', error, cause });
  }

  /** Lets go of it without ending it: its record stays RUNNING and a later process resumes it. */
  abandon(): void {
    this.#open = false;
    this.#controller.abort(new Abandoned('the stand-in is closing', true));
  }

  #go(position: Position | undefined): void {
    this.#run(position).then(
      (output) =>
        this.#end({ status: 'SUCCEEDED', output: JSON.stringify(output), error: undefined, cause: undefined }),
      (thrown: unknown) => this.#fail(thrown),
    );
    this.#watchTime().catch(() => undefined);
  }

  #run(position: Position | undefined): Promise<unknown> {
    const { input } = this.#world;
    const variables = new VariableScope(undefined, position?.variables);
    const states =
      position === undefined
        ? runStates(this.#definition, input, variables, this.#branch)
        : runStates(this.#definition, position.input, variables, this.#branch, position.stateName);
    return unlessAborted(states, this.#controller.signal);
  }

  /** A redriven execution's time starts anew; a resumed one's has been running all along. */
  async #watchTime(): Promise<void> {
    const { clock, startedAt, redrivenAt } = this.#world;
    const { TimeoutSeconds } = this.#definition;
    if (TimeoutSeconds === undefined) return;
    const end = (redrivenAt ?? startedAt) + TimeoutSeconds * 1000;
    await clock.sleep(Math.max(end - clock.now(), 0), this.#controller.signal);
    this.#end({ status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined });
  }

  #fail(thrown: unknown): void {
    const { error, cause } = thrown instanceof StateError ? thrown : new StateError('States.Runtime', String(thrown));
    this.#end({ status: 'FAILED', error, cause });
  }

  /** The first ending holds; what is still under way is given up. */
  #end(ending: Ending): void {
    if (!this.#open) return;
    this.#open = false;
    const { status, output, error, cause } = ending;
    const details = status === 'SUCCEEDED' ? { output, outputDetails: { truncated: false } } : { error, cause };
    const [type, field] = ENDING_EVENTS[status];
    this.#world.history.appendLast(type, this.#branch.lastEventId, { [field]: details });
    this.#controller.abort(new Abandoned(`the execution is ${status}`));
    this.#observer.ended(ending);
  }
}

const ENDING_EVENTS: Readonly<Record<Ending['status'], readonly [string, string]>> = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
};
