import type { Condition, ExistenceOperator, Leaf, ValueOperator } from '../../domain/condition.ts';

/** Each operator between its subject and its values, in words. */
const WORDS: { readonly [Op in ValueOperator | ExistenceOperator]: string } = {
  in: 'is',
  notIn: 'is not',
  startsWith: 'starts with',
  contains: 'contains',
  wildcard: 'has the form',
  matches: 'matches',
  exists: 'is given',
  notExists: 'is not given',
};

/** A filter in words: `ServiceName is "Amazon EC2" or "Amazon S3" and not (tag env is "dev")`. */
export function explainCondition(condition: Condition): string {
  if ('all' in condition) return group(condition.all, 'and');
  if ('any' in condition) return group(condition.any, 'or');
  if ('not' in condition) return `not (${explainCondition(condition.not)})`;
  return explainLeaf(condition);
}

function group(parts: readonly Condition[], word: string): string {
  if (parts.length === 1) return parts.map(explainCondition).join('');
  return parts
    .map((part) => (isMixed(part, word) ? `(${explainCondition(part)})` : explainCondition(part)))
    .join(` ${word} `);
}

/** Whether a part reads wrongly without parentheses: a group joined by the other word, or values joined by "or". */
function isMixed(part: Condition, word: string): boolean {
  if ('all' in part) return word !== 'and' && part.all.length > 1;
  if ('any' in part) return word !== 'or' && part.any.length > 1;
  return false;
}

function explainLeaf(leaf: Leaf): string {
  const subject = leaf.field === 'Tags' ? `tag ${leaf.key}` : leaf.field;
  if (!('values' in leaf)) return `${subject} ${WORDS[leaf.op]}`;
  const values = leaf.values.map((value) => JSON.stringify(value));
  return `${subject} ${WORDS[leaf.op]} ${values.join(leaf.op === 'notIn' ? ' nor ' : ' or ')}`;
}
