import type { Facts } from '../facts.ts';
import type { Scene } from '../price-bill.ts';
import type { Random } from '../random.ts';

/** What must hold between a bill and a changed one, whatever either is priced at. */
export interface Relation {
  /** As a sentence of the test. */
  readonly says: string;
  /** The bill it starts from; undefined where the relation says nothing of a case. */
  readonly base: (scene: Scene, random: Random) => Scene | undefined;
  /** The changed bill, or the bills it is cut into; always as many. */
  readonly changed: (base: Scene, random: Random) => readonly Scene[];
  /** What contradicts the relation; facts of all changed bills come together. */
  readonly compare: (base: Facts, changed: Facts) => readonly string[];
}

/** Lines that only one of two sides has, however often it has them. */
export function unlike(base: Facts, changed: Facts): readonly string[] {
  const [one, other] = [countsOf(base), countsOf(changed)];
  return [...new Set([...base, ...changed])]
    .filter((fact) => one.get(fact) !== other.get(fact))
    .map((fact) => `${one.get(fact) ?? 0} before, ${other.get(fact) ?? 0} after: ${fact}`);
}

/** Facts of some kinds: lines begin with `owner`, `ledger`, `waterfall`, `warning` or `addition`. */
export function ofKinds(facts: Facts, ...kinds: readonly string[]): Facts {
  return facts.filter((fact) => kinds.includes(fact.slice(0, fact.indexOf(' '))));
}

function countsOf(facts: Facts): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  return counts;
}
