import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../lib/rules/hostile-texts.ts';
import { shapeOf } from '../lib/rules/shape-of.ts';
import { stored } from '../lib/rules/stored.ts';
import { Random } from './random.ts';
import { statementsOf } from './statements.ts';

const TEXTS = 100_000;
const VALUES = 160;
const OPERATORS = ['in', 'notIn', 'startsWith', 'contains', 'wildcard'] as const;
const PIECES = [...HOSTILE_TEXTS, "'", "''", '"', ';', '--', '/*', '*/', '\\', '\n', ' OR 1=1 ', 'DROP TABLE canary'];

/** Texts that are made of what has broken somebody's SQL before. */
function hostileText(random: Random): string {
  return random.some(1, 4, () => random.of(PIECES)).join('') || "'";
}

/** A statement's tokens, where every user's text is one literal. */
function shapes(text: () => string): readonly (readonly string[])[] {
  const values = () => Array.from({ length: VALUES }, text);
  const leaves = OPERATORS.map((op) => ({ field: 'ServiceName', op, values: values() }));
  const tag = { field: 'Tags', key: text(), op: 'in', values: values() };
  const rules = stored(
    { type: 'adjust_to_list', name: text(), filter: { all: [...leaves, tag] } },
    { type: 'fixed_rate', name: text(), rate: '0.25', pricingUnit: text() },
  );
  return statementsOf(rules, text()).map(shapeOf);
}

describe('What a user writes', () => {
  test(`is a literal and nothing else, ${TEXTS} hostile texts through`, () => {
    const random = new Random(6);
    let texts = 0;
    const plain = shapes(() => 'a');
    while (texts < TEXTS) {
      const found = shapes(() => {
        texts += 1;
        return hostileText(random);
      });
      expect(found.map((shape) => shape.length)).toEqual(plain.map((shape) => shape.length));
      expect(found.every((shape, at) => shape.every((token, place) => token === plain[at]?.[place]))).toBe(true);
    }
  }, 300_000);
});
