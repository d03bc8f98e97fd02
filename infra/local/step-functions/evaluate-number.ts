import { evaluateTemplate, evaluationFailure } from './evaluate-template.ts';
import { evaluationScope, type Visit } from './visit.ts';

/** The longest time that a Wait, a time-out or a heartbeat may name. */
const LONGEST_SECONDS = 99_999_999;

/**
 * A field that holds a whole number or an expression that yields one.
 *
 * @throws {QueryEvaluationError} where it is anything else, or out of bounds.
 */
export async function evaluateWhole(
  visit: Visit,
  location: string,
  value: unknown,
  { min, max = LONGEST_SECONDS }: { readonly min: number; readonly max?: number },
): Promise<number> {
  const scope = evaluationScope(visit);
  const number = await evaluateTemplate(value, location, scope);
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
  throw evaluationFailure(
    scope,
    location,
    `The field '${location}' must be an integer from ${min} to ${max}, but was ${JSON.stringify(number)}.`,
  );
}
