import type { StateOf } from '../definition.ts';
import { evaluateWhole } from '../evaluate-number.ts';
import { evaluateTemplate, evaluationFailure } from '../evaluate-template.ts';
import { leaveState, ownWayOut } from '../leave-state.ts';
import { checkPayload } from '../payload-limit.ts';
import { runSideBySide } from '../run-side-by-side.ts';
import type { RunStates } from '../run-states.ts';
import { StateError } from '../state-error.ts';
import { VariableScope } from '../variables.ts';
import { evaluationScope, type Transition, type Visit } from '../visit.ts';

type MapVisit = Visit<StateOf<'Map'>>;

/** An inline Map runs at most this many iterations at once, whatever it asks for. */
const INLINE_AT_ONCE = 40;

/**
 * An inline Map: every item through the same states, results in the order of the items.
 *
 * A failed iteration stops the others and fails the Map with its error, unless a tolerated count or percentage allows for it:
 * then the failed items' results are left out.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
export async function runMap(visit: MapVisit, runStates: RunStates): Promise<Transition> {
  const { name, state, branch } = visit;
  const items = await evaluateItems(visit);
  const concurrency = state.MaxConcurrency ?? 0;
  const asked = await evaluateWhole(visit, 'MaxConcurrency', concurrency, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const tolerated = await toleratedFailures(visit, items.length);
  const inputs: unknown[] = [];
  for (const [index, item] of items.entries()) inputs.push(await itemInput(visit, index, item));
  branch.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });

  const iterate = async (index: number, signal: AbortSignal): Promise<unknown> => {
    const iteration = branch.fork(signal, { Index: index, Value: items[index] });
    iteration.record('MapIterationStarted', { mapIterationStartedEventDetails: { name, index } });
    try {
      const result = await runStates(state.ItemProcessor, inputs[index], new VariableScope(visit.variables), iteration);
      iteration.record('MapIterationSucceeded', { mapIterationSucceededEventDetails: { name, index } });
      return result;
    } catch (thrown) {
      iteration.record('MapIterationFailed', { mapIterationFailedEventDetails: { name, index } });
      throw thrown;
    } finally {
      // What comes after the iterations follows, in the history, the one that ended last.
      if (!signal.aborted) branch.lastEventId = iteration.lastEventId;
    }
  };
  const atOnce = asked === 0 ? INLINE_AT_ONCE : Math.min(asked, INLINE_AT_ONCE);
  const tolerates = tolerated === undefined ? undefined : (failures: number) => failures <= tolerated;
  const done = await runSideBySide(items.length, atOnce, branch.signal, iterate, tolerates);
  if (done.stoppedBy !== undefined) {
    for (const index of done.aborted)
      branch.record('MapIterationAborted', { mapIterationAbortedEventDetails: { name, index } });
    branch.record('MapStateFailed');
    throw tolerated === undefined
      ? done.stoppedBy
      : new StateError(
          'States.ExceedToleratedFailureThreshold',
          'The specified tolerated failure threshold was exceeded',
        );
  }
  const result = [...done.results].sort(([one], [other]) => one - other).map(([, output]) => output);
  branch.record('MapStateSucceeded');
  checkPayload(result, name);
  return leaveState(visit, ownWayOut(state, result, { result }));
}

async function evaluateItems(visit: MapVisit): Promise<readonly unknown[]> {
  const scope = evaluationScope(visit);
  const items =
    visit.state.Items === undefined ? visit.input : await evaluateTemplate(visit.state.Items, 'Items', scope);
  if (Array.isArray(items)) return items;
  const type = items === null ? 'null' : typeof items;
  throw evaluationFailure(
    scope,
    'Items',
    `The field 'Items' returned an unexpected result type. Expected 'array', but was '${type}'.`,
  );
}

async function itemInput(visit: MapVisit, index: number, item: unknown): Promise<unknown> {
  const { state, branch } = visit;
  if (state.ItemSelector === undefined) return item;
  const selecting = { ...visit, branch: branch.fork(branch.signal, { Index: index, Value: item }) };
  const input = await evaluateTemplate(state.ItemSelector, 'ItemSelector', evaluationScope(selecting));
  checkPayload(input, visit.name);
  return input;
}

/** How many items may fail; undefined where the state says nothing, so that the first failure is the Map's own. */
async function toleratedFailures(visit: MapVisit, count: number): Promise<number | undefined> {
  const { ToleratedFailureCount, ToleratedFailurePercentage } = visit.state;
  const limits: number[] = [];
  if (ToleratedFailureCount !== undefined)
    limits.push(await evaluateWhole(visit, 'ToleratedFailureCount', ToleratedFailureCount, { min: 0 }));
  if (ToleratedFailurePercentage !== undefined)
    limits.push(
      ((await evaluateWhole(visit, 'ToleratedFailurePercentage', ToleratedFailurePercentage, { min: 0, max: 100 })) *
        count) /
        100,
    );
  return limits.length === 0 ? undefined : Math.min(...limits);
}
