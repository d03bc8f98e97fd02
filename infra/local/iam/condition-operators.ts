import { type FindValue, matchesPattern, type Pattern, parsePattern, plainText } from './pattern.ts';

/** Whether one value of the request fits one value of the policy. */
export type Compare = (asked: string, stated: Pattern, find: FindValue) => boolean;

/** How one condition operator compares. */
export interface ConditionOperator {
  readonly compare: Compare;
  /** `…Not…`: fits when no value of the policy does, and when the request lacks the key. */
  readonly negated: boolean;
}

const equal: Compare = (asked, stated, find) => asked === plainText(stated, find);
const equalIgnoringCase: Compare = (asked, stated, find) =>
  asked.toLowerCase() === plainText(stated, find)?.toLowerCase();
const like: Compare = (asked, stated, find) => matchesPattern(stated, asked, find);
const ordered =
  (holds: (asked: number, stated: number) => boolean): Compare =>
  (asked, stated, find) =>
    holds(numberOf(asked), numberOf(plainText(stated, find)));

/** NaN, which compares as false, for what is no number. */
function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}

/**
 * An ARN's six parts are compared each by itself: a wildcard does not reach over a colon, but in the last part.
 * ArnEquals and ArnLike behave identically.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
const arnLike: Compare = (asked, stated, find) => {
  const askedParts = partsOfArn(asked);
  const patterns = arnPatterns(stated.text);
  return (
    askedParts.length === ARN_PARTS &&
    patterns.length === ARN_PARTS &&
    patterns.every((pattern, index) => matchesPattern(pattern, askedParts[index] ?? '', find))
  );
};

const ARN_PARTS = 6;
const patternsByArn = new Map<string, readonly Pattern[]>();

function arnPatterns(text: string): readonly Pattern[] {
  const known = patternsByArn.get(text) ?? partsOfArn(text).map(parsePattern);
  patternsByArn.set(text, known);
  return known;
}

/** Split at its first five colons, but for those in a variable's name. */
function partsOfArn(text: string): readonly string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\$\{[^}]*\}|:|[^:$]+|\$/g))
    if (token === ':' && parts.length < ARN_PARTS) parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  return parts;
}

const positive = (compare: Compare): ConditionOperator => ({ compare, negated: false });
const negative = (compare: Compare): ConditionOperator => ({ compare, negated: true });

/**
 * Operators by name, without `IfExists` and set qualifiers; `Null` is another thing and is not among them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const CONDITION_OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: positive(equal),
  StringNotEquals: negative(equal),
  StringEqualsIgnoreCase: positive(equalIgnoringCase),
  StringNotEqualsIgnoreCase: negative(equalIgnoringCase),
  StringLike: positive(like),
  StringNotLike: negative(like),
  ArnEquals: positive(arnLike),
  ArnLike: positive(arnLike),
  ArnNotEquals: negative(arnLike),
  ArnNotLike: negative(arnLike),
  Bool: positive(equalIgnoringCase),
  NumericEquals: positive(ordered((asked, stated) => asked === stated)),
  NumericNotEquals: negative(ordered((asked, stated) => asked === stated)),
  NumericLessThan: positive(ordered((asked, stated) => asked < stated)),
  NumericLessThanEquals: positive(ordered((asked, stated) => asked <= stated)),
  NumericGreaterThan: positive(ordered((asked, stated) => asked > stated)),
  NumericGreaterThanEquals: positive(ordered((asked, stated) => asked >= stated)),
};
