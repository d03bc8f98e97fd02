import { Abandoned } from './abort.ts';
import type { Branch } from './branch.ts';
import type { State } from './definition.ts';
import { matchesError } from './error-matching.ts';
import { eventData } from './event-data.ts';
import { leaveState, ownWayOut } from './leave-state.ts';
import { Retries } from './retry.ts';
import type { RunStates } from './run-states.ts';
import { errorOutput, QueryEvaluationError, StateError } from './state-error.ts';
import { runChoice } from './states/choice-state.ts';
import { runFail } from './states/fail-state.ts';
import { runMap } from './states/map-state.ts';
import { runParallel } from './states/parallel-state.ts';
import { runTask } from './states/task-state.ts';
import { runWait } from './states/wait-state.ts';
import type { VariableScope } from './variables.ts';
import type { Transition, Visit } from './visit.ts';

/** Everything a state is entered with. */
export interface Entry {
  readonly name: string;
  readonly state: State;
  readonly input: unknown;
  readonly variables: VariableScope;
  readonly branch: Branch;
}

/**
 * Runs one state from entry to exit: its attempts, its Retry and its Catch.
 *
 * @throws {StateError} that nothing in the state caught; the branch's abort reason when it is given up.
 */
export async function runState(entry: Entry, runStates: RunStates): Promise<Transition> {
  const { name, state, input, branch } = entry;
  const { clock } = branch.world;
  const enteredEventId = branch.record(`${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, ...eventData('input', input) },
  });
  const enteredAt = clock.now();
  const retries = new Retries('Retry' in state ? state.Retry : undefined);
  for (let retryCount = 0; ; retryCount += 1) {
    const visit: Visit = { ...entry, enteredAt, enteredEventId, retryCount };
    try {
      return await attempt(visit, runStates);
    } catch (thrown) {
      const failure = asStateError(thrown, branch);
      const delay = retries.next(failure);
      if (delay === undefined) return catchFailure(visit, failure);
      await clock.sleep(delay, branch.signal);
    }
  }
}

function attempt(visit: Visit, runStates: RunStates): Promise<Transition> {
  const { state, input } = visit;
  switch (state.Type) {
    case 'Task':
      return runTask({ ...visit, state });
    case 'Pass':
      return leaveState(visit, ownWayOut(state, input));
    case 'Succeed':
      return leaveState(visit, ownWayOut({ Output: state.Output }, input));
    case 'Choice':
      return runChoice({ ...visit, state });
    case 'Wait':
      return runWait({ ...visit, state });
    case 'Fail':
      return runFail({ ...visit, state });
    case 'Map':
      return runMap({ ...visit, state }, runStates);
    case 'Parallel':
      return runParallel({ ...visit, state }, runStates);
  }
}

/** What Retry and Catch see; being given up is nothing they see. Anything unforeseen fails the execution. */
function asStateError(thrown: unknown, branch: Branch): StateError {
  branch.signal.throwIfAborted();
  if (thrown instanceof Abandoned) throw thrown;
  return thrown instanceof StateError ? thrown : new StateError('States.Runtime', String(thrown));
}

async function catchFailure(visit: Visit, failure: StateError): Promise<Transition> {
  const { state, branch, name } = visit;
  if (failure instanceof QueryEvaluationError) {
    const { error, cause, location } = failure;
    branch.record('EvaluationFailed', { evaluationFailedEventDetails: { state: name, error, cause, location } });
  }
  const catchers = ('Catch' in state ? state.Catch : undefined) ?? [];
  const index = catchers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const catcher = catchers[index];
  if (catcher === undefined) throw failure;
  const found = errorOutput(failure);
  return leaveState(visit, {
    Assign: catcher.Assign,
    Output: catcher.Output,
    path: `Catch[${index}]/`,
    found: { errorOutput: found },
    unchanged: found,
    next: catcher.Next,
  });
}
