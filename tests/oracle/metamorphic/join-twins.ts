import type { Facts } from '../facts.ts';
import { joinCases } from '../join-cases.ts';
import type { Scene } from '../price-bill.ts';
import type { Rule } from '../rule.ts';

/** Bills made of the same random case, with its number. */
export interface Family {
  readonly number: number;
  readonly scenes: readonly Scene[];
}

/** Many bills as one, and what it said of one of them. */
export interface JoinedTwins {
  readonly bill: Scene;
  /** Of what was said of the whole: each bill's own facts, by its family's number and its place in the family. */
  readonly factsOf: (facts: Facts) => (number: number, place: number) => Facts;
}

/** Ends a sub account's id, so that a twin's rows find their own owner; what rules read is without it. */
export const SUB_ACCOUNT_OF_TWIN = `regexp_replace("SubAccountId", '~[0-9]+$', '')`;

/** More bills than are ever made of one case. */
const FAMILY_MOST = 100;

/**
 * Families of bills of one precedence as one bill: each bill has customers, row ids and commitments of its own, and a rule
 * that several bills of a family have is there once, for the customers of each. A statement's time goes into its rules, so
 * twenty bills of one case cost little more than two.
 */
export function joinTwins(families: readonly Family[]): JoinedTwins {
  const ruleIds = new Map<string, string>();
  const bill = joinCases(
    families.map(({ number, scenes }) => {
      const twins = scenes.map((scene, place) => twinOf(scene, number, number * FAMILY_MOST + place));
      const rules = sharedRules(twins).map(({ rule, ofTwin }, at) => {
        const id = `rul_${String(number).padStart(9, '0')}${String(at).padStart(3, '0')}`;
        for (const [twin, original] of ofTwin) ruleIds.set(`${twin} ${id}`, original);
        return { ...rule, id, order: at + 1 };
      });
      const [{ scene: first } = twinOfNone()] = twins;
      return {
        ...first,
        rules,
        rows: twins.flatMap(({ scene }) => scene.rows),
        assignments: twins.flatMap(({ scene }) => scene.assignments),
        customers: twins.flatMap(({ scene }) => scene.customers),
        commitmentsOf: Object.assign({}, ...twins.map(({ scene }) => scene.commitmentsOf)),
      };
    }),
  );
  return {
    bill,
    factsOf: (facts) => {
      const byTwin = Map.groupBy(facts, twinNumberOf);
      return (number, place) => {
        const twin = number * FAMILY_MOST + place;
        return (byTwin.get(twin) ?? []).map((fact) => originalFact(fact, { number, twin, ruleIds }));
      };
    },
  };
}

interface Twin {
  readonly number: number;
  readonly scene: Scene;
}

function twinOfNone(): never {
  throw new Error('a family has at least one bill');
}

/** The bill under ids that carry its own number instead of its case's. */
function twinOf(scene: Scene, number: number, twin: number): Twin {
  const customer = (id: string) => id.replace(`cus_${eleven(number)}`, `cus_${eleven(twin)}`);
  const apart = (id: string | null | undefined) => id && `${id}~${twin}`;
  return {
    number: twin,
    scene: {
      ...scene,
      customers: scene.customers.map(customer),
      commitmentsOf: Object.fromEntries(
        Object.entries(scene.commitmentsOf ?? {}).map(([id, policy]) => [customer(id), policy]),
      ),
      assignments: scene.assignments.map((one) => ({
        ...one,
        subAccountId: `${one.subAccountId}~${twin}`,
        owner: customer(one.owner),
      })),
      rows: scene.rows.map((row) => ({
        ...row,
        x_RowId: row.x_RowId.replace(/^\d+/, String(twin)),
        SubAccountId: apart(row.SubAccountId) ?? null,
        CommitmentDiscountId: apart(row.CommitmentDiscountId) ?? null,
      })),
      rules: scene.rules.map((rule) => ({
        ...rule,
        customers: (rule.customers === 'all' ? scene.customers : rule.customers).map(customer),
      })),
    },
  };
}

interface SharedRule {
  readonly rule: Rule;
  readonly customers: string[];
  /** What the rule is called in each bill that has it. */
  readonly ofTwin: Map<number, string>;
}

/** One order in which every bill finds its own rules in its own order; the customers of a rule are those of its bills. */
function sharedRules(twins: readonly Twin[]): readonly SharedRule[] {
  const merged: (SharedRule & { readonly content: string })[] = [];
  for (const { number, scene } of twins) {
    let from = 0;
    for (const rule of scene.rules.toSorted((one, other) => one.order - other.order)) {
      const { customers, order, ...content } = rule;
      const key = JSON.stringify([content, [...customers].map((id) => id.at(-1))]);
      const found = merged.findIndex((one, at) => at >= from && one.content === key);
      const at = found < 0 ? from : found;
      if (found < 0) merged.splice(at, 0, { content: key, rule, customers: [], ofTwin: new Map() });
      merged[at]?.customers.push(...customers);
      merged[at]?.ofTwin.set(number, rule.id);
      from = at + 1;
    }
  }
  return merged.map(({ rule, customers, ofTwin }) => ({ rule: { ...rule, customers }, customers, ofTwin }));
}

function twinNumberOf(fact: string): number {
  const [, row, customer] = /(?<= )(?:(\d+)-\d\d|cus_(\d{11})\d)(?= |$)/.exec(fact) ?? [];
  return Number(row ?? customer);
}

function originalFact(
  fact: string,
  { number, twin, ruleIds }: { number: number; twin: number; ruleIds: ReadonlyMap<string, string> },
): string {
  return fact
    .replace(` ${twin}-`, ` ${number}-`)
    .replaceAll(`cus_${eleven(twin)}`, `cus_${eleven(number)}`)
    .replaceAll(/rul_\d{12}/g, (id) => ruleIds.get(`${twin} ${id}`) ?? `${id}?`);
}

function eleven(number: number): string {
  return String(number).padStart(11, '0');
}
