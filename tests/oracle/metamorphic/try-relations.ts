import { type Facts, factsOfProduct } from '../facts.ts';
import type { Scene } from '../price-bill.ts';
import { IMPLEMENTED, type Product } from '../product.ts';
import { Random } from '../random.ts';
import { randomCase } from '../random-case.ts';
import { type Family, joinTwins } from './join-twins.ts';
import type { Relation } from './relation.ts';

/** What became of a relation. */
export interface Tried {
  /** Bills that it was asked of. */
  readonly cases: number;
  readonly contradictions: readonly Contradiction[];
}

/** A case that contradicts a relation. */
export interface Contradiction {
  readonly number: number;
  readonly base: Scene;
  readonly changed: readonly Scene[];
  readonly differences: readonly string[];
}

/** So many cases go through one set of statements. */
const BATCH = 60;

/**
 * Asks every relation of `cases` random bills. Bills that relations start from are priced together, then what they make of
 * them in a second run of statements; a bill that several start from is priced once.
 *
 * @throws Error where a relation finds no bill that it says anything of, or the bills of a whole batch say nothing.
 */
export async function tryRelations(
  product: Product,
  relations: readonly Relation[],
  { cases, seed }: { cases: number; seed: number },
): Promise<ReadonlyMap<Relation, Tried>> {
  const tried = new Map(relations.map((relation) => [relation, { cases: 0, contradictions: [] as Contradiction[] }]));
  const isOpen = (relation: Relation) => (tried.get(relation)?.cases ?? cases) < cases;
  for (let batch = 0; relations.some(isOpen); batch += 1) {
    if (batch * BATCH > 20 * cases + 20 * BATCH) throw new Error('a relation says nothing of nearly every bill');
    const precedence = IMPLEMENTED.precedence[batch % IMPLEMENTED.precedence.length];
    const trials: Trial[] = [];
    for (let number = batch * BATCH; number < (batch + 1) * BATCH; number += 1) {
      const scene = randomCase(seed, number, IMPLEMENTED, precedence);
      for (const relation of relations.filter(isOpen)) {
        const random = Random.ofCase(seed + 1, number);
        const base = relation.base(scene, random);
        const own = tried.get(relation);
        if (base === undefined || own === undefined || own.cases === cases) continue;
        own.cases += 1;
        trials.push({ relation, number, base, changed: relation.changed(base, random) });
      }
    }
    for (const { relation, ...found } of await contradictions(product, trials))
      tried.get(relation)?.contradictions.push(found);
  }
  return tried;
}

interface Trial extends Omit<Contradiction, 'differences'> {
  readonly relation: Relation;
}

async function contradictions(product: Product, trials: readonly Trial[]) {
  const base = await factsOfEach(
    product,
    trials.map((trial) => ({ number: trial.number, scenes: [trial.base] })),
  );
  const changed = await factsOfEach(
    product,
    trials.map((trial) => ({ number: trial.number, scenes: trial.changed })),
  );
  if (trials.length >= BATCH && base.flat().length === 0) throw new Error('no bill says anything');
  return trials.flatMap((trial, at) => {
    const differences = trial.relation.compare(base[at] ?? [], changed[at] ?? []);
    return differences.length === 0 ? [] : [{ ...trial, differences }];
  });
}

/** What the product says of the bills of each group together; equal bills of one case are priced once. */
async function factsOfEach(product: Product, groups: readonly Family[]): Promise<readonly Facts[]> {
  if (groups.length === 0) return [];
  const families = new Map<number, Map<string, Scene>>();
  const places = groups.map(({ number, scenes }) => {
    const family = families.get(number) ?? new Map<string, Scene>();
    families.set(number, family);
    return scenes.map((scene) => {
      const content = JSON.stringify(scene);
      if (!family.has(content)) family.set(content, scene);
      return [...family.keys()].indexOf(content);
    });
  });
  const { bill, factsOf } = joinTwins(
    [...families].map(([number, family]) => ({ number, scenes: [...family.values()] })),
  );
  const factsAt = factsOf(factsOfProduct(await product.price(bill)));
  return groups.map(({ number }, at) => (places[at] ?? []).flatMap((place) => factsAt(number, place)));
}
