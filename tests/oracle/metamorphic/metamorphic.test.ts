import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixed, plain } from '../fixed.ts';
import { openProduct, type PricedByProduct, type Product } from '../product.ts';
import { SUB_ACCOUNT_OF_TWIN } from './join-twins.ts';
import type { Relation } from './relation.ts';
import { ROW_RELATIONS } from './row-relations.ts';
import { RULE_RELATIONS } from './rule-relations.ts';
import { type Tried, tryRelations } from './try-relations.ts';

/** Per relation; `METAMORPHIC_CASES` and `METAMORPHIC_SEED` ask for others. */
const CASES = Number(process.env.METAMORPHIC_CASES ?? 300);
const SEED = Number(process.env.METAMORPHIC_SEED ?? 31);
const RELATIONS: readonly Relation[] = [...ROW_RELATIONS, ...RULE_RELATIONS];

describe(`Of ${CASES} random bills, without asking what is right`, () => {
  let product: Product;
  let tried: ReadonlyMap<Relation, Tried>;
  beforeAll(async () => {
    product = await openProduct(undefined, SUB_ACCOUNT_OF_TWIN);
    tried = await tryRelations(product, RELATIONS, { cases: CASES, seed: SEED });
  }, 7_200_000);
  afterAll(() => product.close());

  test.each(RELATIONS)('$says', (relation) => {
    const { cases, contradictions = [] } = tried.get(relation) ?? {};
    expect(contradictions.slice(0, 1)).toEqual([]);
    expect(cases).toBe(CASES);
  });

  test('every relation is contradicted where the changed bill is charged one more for each rule', async () => {
    let calls = 0;
    const lying: Product = {
      ...product,
      price: async (scene) => {
        calls += 1;
        const bill = await product.price(scene);
        return calls % 2 === 0 ? { ...bill, waterfall: bill.waterfall.map(oneMore) } : bill;
      },
    };
    const found = await tryRelations(lying, RELATIONS, { cases: 15, seed: SEED });
    expect(RELATIONS.filter((relation) => found.get(relation)?.contradictions.length === 0)).toEqual([]);
  }, 600_000);
});

function oneMore(row: PricedByProduct['waterfall'][number]): PricedByProduct['waterfall'][number] {
  return { ...row, x_BilledCostDelta: plain(fixed(row.x_BilledCostDelta ?? '0') + fixed('1')) };
}
