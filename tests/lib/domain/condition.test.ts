import { describe, expect, test } from 'vitest';
import { Condition } from '../../../lib/domain/condition.ts';

const leaf = { field: 'ServiceName', op: 'in', values: ['Amazon EC2'] };

/** What is wrong with a filter: where and what, or nothing. */
function faults(filter: unknown): readonly string[] {
  const result = Condition.safeParse(filter);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.map((step) => `/${String(step)}`).join('')} ${message}`);
}

function nested(groups: number): unknown {
  return Array.from({ length: groups }).reduce<unknown>((inner) => ({ not: inner }), leaf);
}

describe('A filter on the wire', () => {
  test('is the tree of pricing.md §4, kept as it came', () => {
    const filter = {
      all: [
        { field: 'ServiceName', op: 'in', values: ['Amazon EC2', 'Amazon S3'] },
        { not: { field: 'Tags', key: 'env', op: 'in', values: ['dev'] } },
        {
          any: [
            { field: 'RegionId', op: 'startsWith', values: ['eu-'] },
            { field: 'RegionId', op: 'notExists' },
          ],
        },
      ],
    };
    expect(Condition.parse(filter)).toEqual(filter);
  });

  test.each([
    ['an unknown field', { ...leaf, field: 'BilledCost' }, '/field: Invalid discriminator value'],
    [
      'an unknown operator',
      { ...leaf, op: 'like' },
      'one of in, notIn, startsWith, contains, wildcard, matches, exists, notExists',
    ],
    ['a pattern that engines read differently', { ...leaf, op: 'matches', values: ['a', '(?=b)'] }, '/values/1'],
    ['no values', { ...leaf, values: [] }, '/values'],
    [
      'values where only existence is asked',
      { field: 'ServiceName', op: 'exists', values: ['a'] },
      'Unrecognized key: "values"',
    ],
    ['a key beside another field than Tags', { ...leaf, key: 'env' }, 'Unrecognized key: "key"'],
    ['Tags without a key', { ...leaf, field: 'Tags' }, '/key'],
    ['an unknown property', { ...leaf, negate: true }, 'Unrecognized key: "negate"'],
    ['U+0000 in a value', { ...leaf, values: ['a\u0000'] }, 'without U+0000'],
    ['half a character in a value', { ...leaf, values: ['\uD83D'] }, 'half a character'],
    ['an empty group', { any: [] }, '/any'],
    ['two groups in one', { all: [leaf], any: [leaf] }, 'Unrecognized key: "any"'],
    ['nothing', {}, 'one of in, notIn'],
    ['a text', 'ServiceName', 'a test {field, op, values}'],
    ['null', null, 'a test {field, op, values}'],
  ])('is refused with %s', (_, filter, fault) => {
    expect(faults(filter).join()).toContain(fault);
  });

  test('that is wrong deep inside says where', () => {
    expect(faults({ all: [leaf, { any: [leaf, { not: { ...leaf, op: 'like' } }] }] })).toEqual([
      expect.stringMatching(/^\s*\/all\/1\/any\/1\/not\/op: one of in/),
    ]);
  });

  test('holds at most 8 groups in one another, 200 tests, 1,000 values', () => {
    const leaves = (count: number) => ({ all: Array.from({ length: count }, () => leaf) });
    const values = (count: number) => ({ ...leaf, values: Array.from({ length: count }, (_, at) => String(at)) });
    expect(faults(nested(8))).toEqual([]);
    expect(faults(nested(9)).join()).toContain('8 deep at most');
    expect(faults(leaves(200))).toEqual([]);
    expect(faults(leaves(201)).join()).toContain('at most 200 tests');
    expect(faults(values(1_000))).toEqual([]);
    expect(faults(values(1_001)).join()).toContain('at most 1000 values');
    expect(faults({ any: [values(600), values(401)] }).join()).toContain('at most 1000 values');
  });

  test('of a hundred thousand levels is refused like any other, not with a full stack', () => {
    expect(faults(nested(100_000)).join()).toContain('8 deep at most');
  });
});
