import type { StateOf } from '../definition.ts';
import { evaluateTemplate, evaluationFailure } from '../evaluate-template.ts';
import { leaveState } from '../leave-state.ts';
import { StateError } from '../state-error.ts';
import { evaluationScope, type Transition, type Visit } from '../visit.ts';

/**
 * Takes the first rule whose Condition is true, else Default; Assign and Output are those of the rule taken, with Default
 * those of the state.
 *
 * @throws {StateError} States.NoChoiceMatched; States.QueryEvaluationError where a Condition is no boolean.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export async function runChoice(visit: Visit<StateOf<'Choice'>>): Promise<Transition> {
  const { state, input } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const path = `Choices[${index}]/`;
    if (await holds(visit, rule.Condition, `${path}Condition`))
      return leaveState(visit, {
        Assign: rule.Assign,
        Output: rule.Output,
        path,
        found: {},
        unchanged: input,
        next: rule.Next,
      });
  }
  if (state.Default === undefined)
    throw new StateError(
      'States.NoChoiceMatched',
      `No choice of the state '${visit.name}' matched and it has no Default.`,
    );
  const { Assign, Output, Default } = state;
  return leaveState(visit, { Assign, Output, path: '', found: {}, unchanged: input, next: Default });
}

async function holds(visit: Visit, condition: string | boolean, location: string): Promise<boolean> {
  const scope = evaluationScope(visit);
  const value = await evaluateTemplate(condition, location, scope);
  if (typeof value === 'boolean') return value;
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  throw evaluationFailure(
    scope,
    location,
    `The JSONata expression for the field '${location}' returned an unexpected result type. Expected 'boolean', but was '${type}'.`,
  );
}
