import { expect, test } from 'vitest';
import { Condition } from '../../../lib/domain/condition.ts';
import { matchesCondition } from '../../../lib/rules/conditions/matches-condition.ts';
import { inMemory } from './delivered-table.ts';

test.each([
  ['a*', 'ab', true],
  ['a*b', 'ab', true],
  ['a*b', 'ax', false],
  ['a*b', 'xb', false],
  ['ab*ba', 'abba', true],
  ['ab*ba', 'aba', false],
  ['a*b*c', 'abc', true],
  ['a*bc*c', 'abc', false],
  ['a*bc*c', 'abcc', true],
  ['a*c*b*d', 'abcd', false],
  ['*b*b*', 'ab', false],
  ['*b*b*', 'abb', true],
])('a row passes the wildcard %s with a name that is %s: %s', (pattern, name, isPassed) => {
  const filter = Condition.parse({ field: 'ServiceName', op: 'wildcard', values: [pattern] });
  expect(matchesCondition(filter, inMemory({ ServiceName: name }))).toBe(isPassed);
});
