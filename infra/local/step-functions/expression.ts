import jsonata from 'jsonata';

/** A string is an expression when it begins with `{%` and ends with `%}`, with nothing around. */
export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}') && value.length >= 4;

/** The JSONata inside the delimiters. */
export const expressionText = (value: string): string => value.slice(2, -2).trim();

/** An endless recursion in a definition must not hang every other stand-in of this process. */
const EVALUATION_LIMIT = { timeout: 10_000 };
const COMPILED_AT_MOST = 2_000;
const compiled = new Map<string, jsonata.Expression>();

/**
 * Parses an expression once; a definition's expressions run thousands of times.
 *
 * @throws JSONata's own error where the text does not parse.
 */
export function compileExpression(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const expression = jsonata(text, EVALUATION_LIMIT);
  if (compiled.size >= COMPILED_AT_MOST) compiled.clear();
  compiled.set(text, expression);
  return expression;
}

/** JSONata throws plain objects; this is their message with its code, as the service quotes it. */
export function jsonataMessage(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown };
  return [code, message].filter((part) => typeof part === 'string').join(': ');
}
