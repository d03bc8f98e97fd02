import { caseOf, type Facts, factsOfProduct } from '../facts.ts';
import { joinCases } from '../join-cases.ts';
import type { Scene } from '../price-bill.ts';
import { IMPLEMENTED, type Product } from '../product.ts';
import { Random } from '../random.ts';
import { randomCase } from '../random-case.ts';
import type { Relation } from './relation.ts';

/** A case that contradicts a relation. */
export interface Contradiction {
  readonly number: number;
  readonly base: Scene;
  readonly changed: readonly Scene[];
  readonly differences: readonly string[];
}

/** So many cases go through one set of statements. */
const BATCH = 100;

/** Prices random bills and what a relation makes of them, and returns the first that contradict it. */
export async function tryRelation(
  product: Product,
  relation: Relation,
  { cases, seed }: { cases: number; seed: number },
): Promise<readonly Contradiction[]> {
  let [tried, next] = [0, 0];
  for (let batch = 0; tried < cases; batch += 1) {
    const precedence = IMPLEMENTED.precedence[batch % IMPLEMENTED.precedence.length];
    const trials: Trial[] = [];
    const end = next + 20 * BATCH;
    for (; trials.length < Math.min(BATCH, cases - tried) && next < end; next += 1) {
      const random = Random.ofCase(seed + 1, next);
      const base = relation.base(randomCase(seed, next, IMPLEMENTED, precedence), random);
      if (base !== undefined) trials.push({ number: next, base, changed: relation.changed(base, random) });
    }
    const found = await compare(product, relation, trials);
    if (found.length > 0) return found;
    tried += trials.length;
  }
  return [];
}

type Trial = Omit<Contradiction, 'differences'>;

async function compare(
  product: Product,
  relation: Relation,
  trials: readonly Trial[],
): Promise<readonly Contradiction[]> {
  if (trials.length === 0) return [];
  const base = await factsByCase(
    product,
    trials.map((trial) => trial.base),
  );
  const parts = trials[0]?.changed.map((_, part) => trials.flatMap(({ changed }) => changed[part] ?? [])) ?? [];
  const changed: ReadonlyMap<number, Facts>[] = [];
  for (const scenes of parts) changed.push(await factsByCase(product, scenes));
  if (trials.length === BATCH && [...base.values()].flat().length === 0) throw new Error('no bill says anything');
  return trials.flatMap((trial) => {
    const after = changed.flatMap((facts) => facts.get(trial.number) ?? []);
    const differences = relation.compare(base.get(trial.number) ?? [], after);
    return differences.length === 0 ? [] : [{ ...trial, differences }];
  });
}

async function factsByCase(product: Product, scenes: readonly Scene[]): Promise<ReadonlyMap<number, Facts>> {
  return Map.groupBy(factsOfProduct(await product.price(joinCases(scenes))), caseOf);
}
