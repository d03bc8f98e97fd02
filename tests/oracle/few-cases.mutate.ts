import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factsOfOracle, factsOfProduct } from './facts.ts';
import { joinCases } from './join-cases.ts';
import { IMPLEMENTED, openProduct, type Product } from './product.ts';
import { randomCase } from './random-case.ts';

const CASES = 20;
const SEED = 77;

describe(`The meaning of ${CASES} random bills, for a mutated compiler`, () => {
  let product: Product;
  beforeAll(async () => {
    product = await openProduct();
  });
  afterAll(() => product.close());

  test.each(IMPLEMENTED.precedence)('is what the oracle says, %s', async (precedence) => {
    const scenes = Array.from({ length: CASES }, (_, number) => randomCase(SEED, number, IMPLEMENTED, precedence));
    const expected = scenes.flatMap((scene) => factsOfOracle(scene)).sort();
    expect(factsOfProduct(await product.price(joinCases(scenes))).join('\n') === expected.join('\n')).toBe(true);
  });
});
