import type { StateOf } from '../definition.ts';
import { evaluateWhole } from '../evaluate-number.ts';
import { evaluateTemplate, evaluationFailure } from '../evaluate-template.ts';
import { leaveState, ownWayOut } from '../leave-state.ts';
import { evaluationScope, type Transition, type Visit } from '../visit.ts';

/**
 * Waits Seconds, or until Timestamp.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
 */
export async function runWait(visit: Visit<StateOf<'Wait'>>): Promise<Transition> {
  const { clock } = visit.branch.world;
  await clock.sleep(Math.max(await waitMilliseconds(visit), 0), visit.branch.signal);
  return leaveState(visit, ownWayOut(visit.state, visit.input));
}

async function waitMilliseconds(visit: Visit<StateOf<'Wait'>>): Promise<number> {
  const { state, branch } = visit;
  if (state.Timestamp === undefined) return (await evaluateWhole(visit, 'Seconds', state.Seconds, { min: 0 })) * 1000;
  const scope = evaluationScope(visit);
  const timestamp = await evaluateTemplate(state.Timestamp, 'Timestamp', scope);
  const until = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(until))
    throw evaluationFailure(
      scope,
      'Timestamp',
      `The field 'Timestamp' must be a time in ISO 8601, but was ${JSON.stringify(timestamp)}.`,
    );
  return until - branch.world.clock.now();
}
