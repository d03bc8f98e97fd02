import type { StateOf } from '../definition.ts';
import { evaluateTemplate } from '../evaluate-template.ts';
import { leaveState, ownWayOut } from '../leave-state.ts';
import { checkPayload } from '../payload-limit.ts';
import { runSideBySide } from '../run-side-by-side.ts';
import type { RunStates } from '../run-states.ts';
import { VariableScope } from '../variables.ts';
import { evaluationScope, type Transition, type Visit } from '../visit.ts';

/**
 * Every branch over the same input; the results in the order of the branches. The first failure stops the others.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
 */
export async function runParallel(visit: Visit<StateOf<'Parallel'>>, runStates: RunStates): Promise<Transition> {
  const { name, state, branch } = visit;
  const { Arguments, Branches } = state;
  const input =
    Arguments === undefined ? visit.input : await evaluateTemplate(Arguments, 'Arguments', evaluationScope(visit));
  checkPayload(input, name);
  branch.record('ParallelStateStarted');
  const runBranch = async (index: number, signal: AbortSignal): Promise<unknown> => {
    const block = Branches[index];
    if (block === undefined) return null;
    const strand = branch.fork(signal);
    const result = await runStates(block, input, new VariableScope(visit.variables), strand);
    branch.lastEventId = strand.lastEventId;
    return result;
  };
  const done = await runSideBySide(Branches.length, Branches.length, branch.signal, runBranch);
  if (done.stoppedBy !== undefined) {
    branch.record('ParallelStateFailed');
    throw done.stoppedBy;
  }
  const result = Branches.map((_, index) => done.results.get(index));
  branch.record('ParallelStateSucceeded');
  checkPayload(result, name);
  return leaveState(visit, ownWayOut(state, result, { result }));
}
