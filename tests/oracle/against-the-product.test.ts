import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingRule } from '../../lib/domain/billing-rule.ts';
import { compareCases } from './compare-cases.ts';
import { IMPLEMENTED, openProduct, type Product } from './product.ts';
import { randomCase } from './random-case.ts';
import { TYPES } from './random-rules.ts';

const CASES = 10_000;
const SEED = 2026;

describe('The statements of the compiler against the oracle', () => {
  let product: Product;
  beforeAll(async () => {
    product = await openProduct();
  });
  afterAll(() => product.close());

  test(`charge every row of ${CASES} random bills the same, to the last digit`, async () => {
    const found = await compareCases(product, { cases: CASES, seed: SEED });
    expect(found.map(({ number, differences }) => ({ number, differences }))).toEqual([]);
  }, 900_000);

  test('every amount is DECIMAL(38,18) in the priced rows and in the waterfall', async () => {
    for (const precedence of IMPLEMENTED.precedence) {
      await product.price(randomCase(SEED, 7, IMPLEMENTED, precedence));
      for (const table of ['priced', 'waterfall']) {
        const columns = await product.database.rows(`DESCRIBE ${table}`);
        const charged = columns.filter(({ column_name }) => /^x_Charged|Delta$/.test(column_name ?? ''));
        expect(charged.length).toBeGreaterThanOrEqual(4);
        expect(new Set(charged.map(({ column_type }) => column_type)), table).toEqual(new Set(['DECIMAL(38,18)']));
      }
    }
  });
});

describe('The random cases', () => {
  const scenes = Array.from({ length: 600 }, (_, number) => randomCase(SEED, number, IMPLEMENTED));

  test('know every type of rule that the product’s schema has', () => {
    const types = BillingRule.options.map(({ shape }) => shape.type.value);
    expect(types.filter((type) => !TYPES.includes(type))).toEqual([]);
    const drawn = new Set(scenes.flatMap(({ rules }) => rules.map(({ type }) => type)));
    expect(types.filter((type) => !drawn.has(type))).toEqual([]);
  });

  test('are the same again for the same seed', () => {
    expect(randomCase(SEED, 3, IMPLEMENTED)).toEqual(scenes[3]);
    expect(randomCase(SEED + 1, 3, IMPLEMENTED)).not.toEqual(scenes[3]);
  });

  test('hold what a bill can hold: refunds, credits, missing prices, exponents, commitments, tags, twenty rules', () => {
    const rows = scenes.flatMap((scene) => scene.rows);
    const share = (holds: (row: (typeof rows)[number]) => boolean) => rows.filter(holds).length / rows.length;
    expect(share(({ BilledCost }) => BilledCost?.startsWith('-') ?? false)).toBeGreaterThan(0.1);
    expect(share(({ BilledCost }) => /e/i.test(BilledCost ?? ''))).toBeGreaterThan(0.05);
    expect(share(({ ListCost }) => ListCost === null || ListCost === '0')).toBeGreaterThan(0.1);
    expect(share(({ ChargeCategory }) => ChargeCategory === 'Credit')).toBeGreaterThan(0.05);
    expect(share(({ CommitmentDiscountStatus }) => CommitmentDiscountStatus === 'Used')).toBeGreaterThan(0.1);
    expect(share(({ Tags }) => Object.keys(Tags ?? {}).length > 0)).toBeGreaterThan(0.3);
    expect(scenes.some((scene) => scene.rules.length === 20)).toBe(true);
    expect(scenes.some((scene) => scene.rows.length >= 45)).toBe(true);
  });
});
