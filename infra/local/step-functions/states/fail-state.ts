import type { StateOf } from '../definition.ts';
import { evaluateTemplate } from '../evaluate-template.ts';
import { StateError } from '../state-error.ts';
import { evaluationScope, type Visit } from '../visit.ts';

/**
 * Fails with the state's Error and Cause.
 *
 * @throws {StateError} always.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
 */
export async function runFail(visit: Visit<StateOf<'Fail'>>): Promise<never> {
  const scope = evaluationScope(visit);
  const { Error: error, Cause: cause } = visit.state;
  const name = error === undefined ? '' : String(await evaluateTemplate(error, 'Error', scope));
  throw new StateError(name, cause === undefined ? undefined : String(await evaluateTemplate(cause, 'Cause', scope)));
}
