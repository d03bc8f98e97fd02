import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withConditionsOnce } from './conditions-once.ts';

const committed = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8'));
const asked = JSON.parse(JSON.stringify(withConditionsOnce(committed)));

/** Where a part of the document holds a reference, as paths of keys. */
function places(part: unknown, reference: string, at = ''): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { $ref } = part as { $ref?: unknown };
  const inner = Object.entries(part).flatMap(([key, value]) => places(value, reference, `${at} ${key}`));
  return $ref === reference ? [at, ...inner] : inner;
}

test('a whole condition is asked where a rule of the first type is created', () => {
  const { RuleInput, RuleInputOfOneTest } = asked.components.schemas;
  expect(places(RuleInput, '#/components/schemas/Condition')).toEqual([' oneOf 0 properties filter']);
  expect(places(RuleInputOfOneTest, '#/components/schemas/Condition')).toEqual([]);
  expect(places(asked.paths, '#/components/schemas/RuleInput')).toEqual([
    ' /v1/rules post requestBody content application/json schema',
  ]);
});

test('every type of rule is asked in every operation that takes one, with a filter where it has one', () => {
  const { RuleInput, RuleInputOfOneTest } = asked.components.schemas;
  const fieldsOf = ({ oneOf }: { oneOf: { properties: object }[] }) =>
    oneOf.map(({ properties }) => Object.keys(properties).sort());
  for (const rules of [RuleInput, RuleInputOfOneTest])
    expect(fieldsOf(rules)).toEqual(fieldsOf(committed.components.schemas.RuleInput));
  expect(places(asked.paths, '#/components/schemas/RuleInputOfOneTest')).toHaveLength(
    places(committed.paths, '#/components/schemas/RuleInput').length - 1,
  );
});

test('answers are held to the document as it is', () => {
  const answersOf = ({ paths }: { paths: Record<string, Record<string, { responses?: unknown }>> }) =>
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.entries(operations).map(([method, { responses }]) => [method, responses]),
    ]);
  expect(answersOf(asked)).toEqual(answersOf(committed));
  expect(asked.components.schemas.Rule).toEqual(committed.components.schemas.Rule);
});
