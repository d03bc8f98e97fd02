import type { Clock } from './clock.ts';
import { compileExpression, expressionText, isExpression, jsonataMessage } from './expression.ts';
import { jsonataFunctions } from './jsonata-functions.ts';
import { QueryEvaluationError } from './state-error.ts';

/** What an expression sees. */
export interface EvaluationScope {
  readonly stateName: string;
  /** Id of the history event by which the state was entered; the service's messages name it. */
  readonly enteredEventId: number;
  /** The reserved `$states`. */
  readonly states: {
    readonly input: unknown;
    readonly result?: unknown;
    readonly errorOutput?: unknown;
    readonly context: unknown;
  };
  readonly variables: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
}

/**
 * A field's value with every `{% … %}` in it replaced by what it yields, at any depth.
 *
 * @param location the field, as messages name it: `Output/total`.
 * @throws {QueryEvaluationError} where an expression throws, or yields nothing.
 */
export async function evaluateTemplate(template: unknown, location: string, scope: EvaluationScope): Promise<unknown> {
  if (isExpression(template)) return evaluateExpression(template, location, scope);
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [index, item] of template.entries())
      items.push(await evaluateTemplate(item, `${location}[${index}]`, scope));
    return items;
  }
  if (typeof template !== 'object' || template === null) return template;
  const fields: [string, unknown][] = [];
  for (const [key, value] of Object.entries(template))
    fields.push([key, await evaluateTemplate(value, `${location}/${key}`, scope)]);
  return Object.fromEntries(fields);
}

async function evaluateExpression(expression: string, location: string, scope: EvaluationScope): Promise<unknown> {
  const text = expressionText(expression);
  const bindings = { ...jsonataFunctions(scope.clock), ...scope.variables, states: scope.states };
  let value: unknown;
  try {
    value = await compileExpression(text).evaluate(undefined, bindings);
  } catch (thrown) {
    throw failure(text, location, scope, `threw an error during evaluation. ${jsonataMessage(thrown)}`);
  }
  // JSONata's sequences carry marks of their own and its functions are objects: what goes on is plain JSON.
  const json = isFunction(value) ? undefined : JSON.stringify(value);
  if (json === undefined) throw failure(text, location, scope, 'returned nothing (undefined).');
  return JSON.parse(json) as unknown;
}

const isFunction = (value: unknown) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value));

/** The error for a field of a state, worded as the service words it. */
export function evaluationFailure(scope: EvaluationScope, location: string, what: string): QueryEvaluationError {
  return new QueryEvaluationError(
    `An error occurred while executing the state '${scope.stateName}' (entered at the event id #${scope.enteredEventId}). ${what}`,
    location,
  );
}

const failure = (text: string, location: string, scope: EvaluationScope, what: string) =>
  evaluationFailure(scope, location, `The JSONata expression '${text}' specified for the field '${location}' ${what}`);
