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
  /** Cases in one bill; a hundred unless an engine takes fewer. */
  readonly batch?: number;
  /** Cases with more rules are passed over where several share a bill; all are taken unless an engine is slow of rules. */
  readonly rulesMost?: number;
}

/** So many cases go through one set of statements; one batch in twenty is of one case, with rules for `all` customers. */
const BATCH = 100;

/** Prices random cases on both sides and returns those that differ. */
export async function compareCases(
  product: Product,
  { cases, seed, from = 0, batch: most = BATCH, rulesMost = Number.POSITIVE_INFINITY }: Trial,
  onBatch: (done: number) => void = () => {},
): Promise<readonly FoundDifference[]> {
  const found: FoundDifference[] = [];
  let next = from;
  for (let done = 0, batch = 0; done < cases; batch += 1) {
    const size = Math.min(batch % 20 === 0 ? 1 : most, cases - done);
    const precedence = IMPLEMENTED.precedence[batch % IMPLEMENTED.precedence.length];
    const scenes = new Map<number, Scene>();
    for (; scenes.size < size; next += 1) {
      const scene = randomCase(seed, next, IMPLEMENTED, precedence);
      if (size === 1 || scene.rules.length <= rulesMost) scenes.set(next, scene);
    }
    found.push(...(await compareBatch(product, scenes)));
    done += size;
    onBatch(done);
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
