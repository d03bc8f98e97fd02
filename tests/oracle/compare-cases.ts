import { caseOf, differencesOf, type Facts, factsOfOracle, factsOfProduct } from './facts.ts';
import { joinCases } from './join-cases.ts';
import type { Scene } from './price-bill.ts';
import { IMPLEMENTED, type Product } from './product.ts';
import { randomCase } from './random-case.ts';

/** A case on which the product and the oracle do not agree. */
export interface FoundDifference {
  readonly number: number;
  readonly scene: Scene;
  readonly differences: readonly string[];
}

/** Which cases to try. */
export interface Trial {
  readonly cases: number;
  readonly seed: number;
  /** The first case's number; 0 unless one is replayed. */
  readonly from?: number;
  /** Cases in one bill; two hundred and fifty unless an engine takes fewer. */
  readonly batch?: number;
  /** Cases with more rules are passed over where several share a bill; all are taken unless an engine is slow of rules. */
  readonly rulesMost?: number;
}

/** So many cases go through one set of statements. */
const BATCH = 250;

/**
 * Prices random cases on both sides and returns those that differ. A case's precedence follows from its number alone, so
 * it is the same again whichever case is the first; now and then one case is a bill of its own, with rules for `all`.
 */
export async function compareCases(
  product: Product,
  { cases, seed, from = 0, batch: most = BATCH, rulesMost = Number.POSITIVE_INFINITY }: Trial,
  onBatch: (done: number, differing: number) => void = () => {},
): Promise<readonly FoundDifference[]> {
  const found: FoundDifference[] = [];
  const precedences = IMPLEMENTED.precedence;
  const precedenceOf = (number: number) => precedences[number % precedences.length];
  let done = 0;
  let next = from;
  for (let round = 0; done < cases; round += 1) {
    const size = Math.min(most * precedences.length, cases - done);
    const aloneAt = round % 2 === 0 ? round % precedences.length : undefined;
    const scenes: (readonly [number, Scene])[] = [];
    for (; scenes.length < size; next += 1) {
      const scene = randomCase(seed, next, IMPLEMENTED, precedenceOf(next));
      if (scenes.length === aloneAt || scene.rules.length <= rulesMost) scenes.push([next, scene]);
    }
    const alone = aloneAt === undefined ? [] : scenes.splice(aloneAt, 1);
    for (const batch of [alone, ...Map.groupBy(scenes, ([number]) => precedenceOf(number)).values()]) {
      if (batch.length > 0) found.push(...(await compareBatch(product, new Map(batch))));
      done += batch.length;
      onBatch(done, found.length);
    }
  }
  return found;
}

async function compareBatch(product: Product, scenes: ReadonlyMap<number, Scene>): Promise<readonly FoundDifference[]> {
  const all = [...scenes.values()];
  const [only] = all;
  const joined = all.length === 1 && only !== undefined ? only : joinCases(all);
  const facts = Map.groupBy(factsOfProduct(await product.price(joined)), caseOf);
  return [...scenes].flatMap(([number, scene]) => {
    const differences = differencesOf(factsOfOracle(scene), facts.get(number) ?? []);
    return differences.length === 0 ? [] : [{ number, scene, differences }];
  });
}

/** What differs on one case that is priced alone. */
export async function differencesOn(product: Product, scene: Scene): Promise<readonly string[]> {
  const found: Facts = factsOfProduct(await product.price(scene));
  return differencesOf(factsOfOracle(scene), found);
}
