import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProduct, type Product } from '../product.ts';
import { ROW_RELATIONS } from './row-relations.ts';
import { RULE_RELATIONS } from './rule-relations.ts';
import { tryRelation } from './try-relation.ts';

/** Per relation; `METAMORPHIC_CASES` and `METAMORPHIC_SEED` ask for others. */
const CASES = Number(process.env.METAMORPHIC_CASES ?? 300);
const SEED = Number(process.env.METAMORPHIC_SEED ?? 31);

describe(`Of ${CASES} random bills, without asking what is right`, () => {
  let product: Product;
  beforeAll(async () => {
    product = await openProduct();
  });
  afterAll(() => product.close());

  test.each([...ROW_RELATIONS, ...RULE_RELATIONS])(
    '$says',
    async (relation) => {
      const found = await tryRelation(product, relation, { cases: CASES, seed: SEED });
      expect(found.slice(0, 1)).toEqual([]);
    },
    900_000,
  );
});
