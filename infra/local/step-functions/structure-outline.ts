import { isExpression } from './expression.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const EXPRESSION = '{% 0 %}';

/**
 * The definition's structure alone: a copy with every payload and expression replaced by a plain one.
 *
 * asl-validator writes into what it is given, and its patterns refuse values that AWS takes (a line break in an expression,
 * an empty string, a list as Output): expressions are compiled one by one elsewhere, so here it sees structure only.
 */
export function structureOutline(definition: Fields): Fields {
  return { ...definition, ...outlineStates(definition) };
}

function outlineStates(block: Fields): Fields {
  if (!isFields(block.States)) return {};
  return {
    States: Object.fromEntries(Object.entries(block.States).map(([name, state]) => [name, outlineState(state)])),
  };
}

const PLAIN: Readonly<Record<string, unknown>> = {
  Output: EXPRESSION,
  Arguments: EXPRESSION,
  Items: EXPRESSION,
  ItemSelector: {},
  Assign: {},
  Credentials: {},
};

function outlineState(state: unknown): unknown {
  if (!isFields(state)) return state;
  return Object.fromEntries(Object.entries(state).map(([field, value]) => [field, outlineField(field, value)]));
}

function outlineField(field: string, value: unknown): unknown {
  if (field in PLAIN) return PLAIN[field];
  if (field === 'Error' || field === 'Cause') return 'text';
  if (field === 'Choices' && Array.isArray(value)) return value.map(outlineRule);
  if (field === 'ItemProcessor' && isFields(value)) return structureOutline(value);
  if (field === 'Branches' && Array.isArray(value))
    return value.map((branch: unknown) => (isFields(branch) ? structureOutline(branch) : branch));
  return isExpression(value) ? EXPRESSION : value;
}

const outlineRule = (rule: unknown): unknown =>
  isFields(rule)
    ? {
        ...rule,
        Condition: EXPRESSION,
        ...('Assign' in rule ? { Assign: {} } : {}),
        ...('Output' in rule ? { Output: EXPRESSION } : {}),
      }
    : rule;
