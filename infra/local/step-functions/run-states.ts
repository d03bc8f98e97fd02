import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Branch } from './branch.ts';
import type { StatesBlock } from './definition.ts';
import { runState } from './run-state.ts';
import { StateError } from './state-error.ts';
import type { VariableScope } from './variables.ts';

/** Runs a set of states to its end and answers the last one's output. */
export type RunStates = (
  block: StatesBlock,
  input: unknown,
  variables: VariableScope,
  branch: Branch,
  startAt?: string,
) => Promise<unknown>;

/** From `startAt`, else the first state, to the state that ends. @throws {StateError} that no state caught. */
export const runStates: RunStates = async (block, input, variables, branch, startAt = block.StartAt) => {
  let name = startAt;
  let payload = input;
  for (;;) {
    // A loop of states that never wait must not keep the process from everything else it does.
    await nextTurn();
    branch.signal.throwIfAborted();
    const state = block.States[name];
    if (state === undefined) throw new StateError('States.Runtime', `There is no state '${name}'.`);
    branch.onEntering?.({ stateName: name, input: payload, variables: variables.visible() });
    const { output, next } = await runState({ name, state, input: payload, variables, branch }, runStates);
    if (next === undefined) return output;
    name = next;
    payload = output;
  }
};
