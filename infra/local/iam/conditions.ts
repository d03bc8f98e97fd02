import { z } from 'zod';
import { requireConditionKey } from './condition-keys.ts';
import { CONDITION_OPERATORS, type ConditionOperator } from './condition-operators.ts';
import { type FindValue, type Pattern, parsePattern } from './pattern.ts';
import { PolicyError } from './policy-error.ts';
import type { Context } from './request-context.ts';

/** A request's condition keys, found whatever their case. */
export class Keys {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(context: Context) {
    this.#values = new Map(
      Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
    );
  }

  /** Undefined when the request does not have the key. */
  all(key: string): readonly string[] | undefined {
    return this.#values.get(key.toLowerCase());
  }

  /** What a policy variable is: a key's one value. */
  readonly one: FindValue = (key) => {
    const values = this.all(key);
    return values?.length === 1 ? values[0] : undefined;
  };
}

/** Whether one line of a Condition element holds for a request. */
export type Condition = (keys: Keys) => boolean;

const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Values = z.union([Value.transform((one) => [one]), z.array(Value)]);
/** `{ "<operator>": { "<key>": <value or values> } }` */
export const ConditionElement = z.record(z.string(), z.record(z.string(), Values));

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * A Condition element as its lines, all of which must hold.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * @throws PolicyError naming an operator or a key that is not known here.
 */
export function parseConditions(element: z.infer<typeof ConditionElement>): readonly Condition[] {
  return Object.entries(element).flatMap(([name, lines]) =>
    Object.entries(lines).map(([key, values]) => parseCondition(name, key, values)),
  );
}

function parseCondition(name: string, key: string, values: readonly string[]): Condition {
  requireConditionKey(key);
  const [, set, base = '', ifExists] = OPERATOR.exec(name) ?? [];
  if (base === 'Null' && set === undefined && ifExists === undefined) return isNull(key, values);
  const operator = Object.hasOwn(CONDITION_OPERATORS, base) ? CONDITION_OPERATORS[base] : undefined;
  if (operator === undefined) throw new PolicyError(`the condition operator ${name} is not played here`);
  const stated = values.map(parsePattern);
  if (set === 'ForAllValues') return forAllValues(key, operator, stated);
  if (set === 'ForAnyValue') return forAnyValue(key, operator, stated, ifExists !== undefined);
  return singleValue(key, operator, stated, ifExists !== undefined);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null */
function isNull(key: string, values: readonly string[]): Condition {
  const absent = values.map((value) => value.toLowerCase() === 'true');
  return (keys) => absent.includes(keys.all(key) === undefined);
}

/** A key that the request lacks fits nothing, and so every negation; with IfExists it fits all. */
function singleValue(key: string, operator: ConditionOperator, stated: readonly Pattern[], ifExists: boolean) {
  return (keys: Keys): boolean => {
    const asked = keys.all(key);
    if (asked === undefined) return ifExists || operator.negated;
    const fits = asked.some((value) => fitsSome(value, operator, stated, keys));
    return operator.negated ? !fits : fits;
  };
}

/**
 * Holds too when the request lacks the key.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html#reference_policies_condition-multi-valued-context-keys
 */
function forAllValues(key: string, operator: ConditionOperator, stated: readonly Pattern[]): Condition {
  return (keys) => (keys.all(key) ?? []).every((value) => fitsSome(value, operator, stated, keys) !== operator.negated);
}

function forAnyValue(key: string, operator: ConditionOperator, stated: readonly Pattern[], ifExists: boolean) {
  return (keys: Keys): boolean => {
    const asked = keys.all(key);
    if (asked === undefined) return ifExists;
    return asked.some((value) => fitsSome(value, operator, stated, keys) !== operator.negated);
  };
}

function fitsSome(asked: string, { compare }: ConditionOperator, stated: readonly Pattern[], keys: Keys): boolean {
  return stated.some((pattern) => compare(asked, pattern, keys.one));
}
