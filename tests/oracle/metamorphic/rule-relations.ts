import type { Facts } from '../facts.ts';
import type { Scene } from '../price-bill.ts';
import { randomFilter } from '../random-filters.ts';
import { type Filter, isRowRule, type RowRule, type Rule } from '../rule.ts';
import { ofKinds, type Relation, unlike } from './relation.ts';

/** Relations about rules: added, taken away, swapped, cut in three, narrowed, edited; and about who owns a row when. */
export const RULE_RELATIONS: readonly Relation[] = [
  {
    says: 'a rule that never matches changes nothing, wherever it stands',
    base: (scene) => scene,
    changed: (scene, random) => {
      const { id = '' } = scene.rules[0] ?? {};
      const never = {
        ...{ id: otherId(id || `rul_${caseNumber(scene)}000`, 1), version: 1, order: 0, created: scene.rules.length },
        ...{ type: 'back_out' as const, name: 'Never', startDate: '2025-01-01', customers: 'all' as const },
        filter: { field: 'ServiceName' as const, op: 'in' as const, values: ['no such service'] },
      };
      const place = random.below(scene.rules.length + 1);
      return [{ ...scene, rules: inOrder([...scene.rules.slice(0, place), never, ...scene.rules.slice(place)]) }];
    },
    compare: unlike,
  },
  {
    says: 'a disabled rule is as good as none',
    base: (scene, random) => {
      if (scene.rules.length === 0) return undefined;
      const place = random.below(scene.rules.length);
      return { ...scene, rules: scene.rules.map((rule, at) => (at === place ? { ...rule, enabled: false } : rule)) };
    },
    changed: (scene) => [{ ...scene, rules: inOrder(scene.rules.filter(({ enabled }) => enabled !== false)) }],
    compare: unlike,
  },
  {
    says: 'neighbours that never meet on a row may be swapped',
    base: (scene, random) => {
      if (scene.rules.length < 2) return undefined;
      const place = random.below(scene.rules.length - 1);
      const [one, other] = [scene.rules[place], scene.rules[place + 1]];
      if (!one || !other || !isRowRule(one) || !isRowRule(other)) return undefined;
      const apart = randomFilter(random, subAccountsOf(scene), 1);
      const rules = [...scene.rules];
      rules[place] = narrowed(one, apart);
      rules[place + 1] = narrowed(other, { not: apart });
      return { ...scene, rules: rules.map((rule, at) => (at === place ? { ...rule, name: SWAPPED } : rule)) };
    },
    changed: (scene) => {
      const place = scene.rules.findIndex(({ name }) => name === SWAPPED);
      const rules = [...scene.rules];
      rules.splice(place, 2, ...rules.slice(place, place + 2).reverse());
      return [{ ...scene, rules: inOrder(rules) }];
    },
    compare: unlike,
  },
  {
    says: 'a rule without a filter is three rules: where p, where not p, and where there is nothing to ask',
    base: (scene) => (scene.rules.some(isOpen) ? scene : undefined),
    changed: (scene, random) => {
      const place = scene.rules.findIndex(isOpen);
      const subject = { field: 'RegionId' as const };
      const p = { ...subject, op: random.of(['in', 'startsWith', 'contains'] as const), values: ['eu'] };
      const parts: readonly Filter[] = [
        p,
        { all: [{ ...subject, op: 'exists' }, { not: p }] },
        { ...subject, op: 'notExists' },
      ];
      const rules = scene.rules.flatMap((rule, at) =>
        at === place ? parts.map((filter, part) => ({ ...rule, filter, id: otherId(rule.id, part) })) : [rule],
      );
      return [{ ...scene, rules: inOrder(rules as readonly Rule[]) }];
    },
    compare: (base, changed) =>
      unlike(
        ofKinds(base, 'owner', 'ledger', 'waterfall'),
        ofKinds(changed, 'owner', 'ledger', 'waterfall').map(wholeId),
      ),
  },
  {
    says: 'a narrower filter takes a part of the rows',
    base: (scene) => {
      const rule = scene.rules.find((one) => isRowRule(one) && one.type !== 'tiered_rate');
      return rule && { ...scene, rules: inOrder([rule]) };
    },
    changed: (scene, random) => [
      {
        ...scene,
        rules: scene.rules.flatMap((rule) =>
          isRowRule(rule) ? [narrowed(rule, withoutTax(randomFilter(random, subAccountsOf(scene)), rule))] : [],
        ),
      },
    ],
    compare: (base, changed) => {
      const taken = new Set(ofKinds(base, 'waterfall'));
      return ofKinds(changed, 'waterfall').filter((fact) => !taken.has(fact));
    },
  },
  {
    says: 'an edit that is taken back charges the same, under a later version',
    base: (scene) => (scene.rules.length === 0 ? undefined : scene),
    changed: (scene, random) => {
      const edited = random.below(scene.rules.length);
      const rules = scene.rules.map((rule, at) => (at === edited ? { ...rule, version: rule.version + EDITS } : rule));
      return [{ ...scene, rules }];
    },
    compare: (base, changed) => unlike(base, changed.map(beforeTheEdits)),
  },
  {
    says: 'a sub account that goes from one customer to another and back, between charges, was never away',
    base: (scene) => ({
      ...scene,
      assignments: scene.assignments.filter(({ from, to, provider }) => !from && !to && provider === undefined),
    }),
    changed: (scene, random) => [
      {
        ...scene,
        assignments: scene.assignments.flatMap((one) => [
          { ...one, to: '2025-03-19' },
          { ...one, owner: random.of([...scene.customers, 'partner']), from: '2025-03-20', to: '2025-03-24' },
          { ...one, from: '2025-03-25' },
        ]),
      },
    ],
    compare: unlike,
  },
];

const SWAPPED = 'The first of the two';

/** An edit and another that takes it back, fifty times: rules of a random case have versions below ten. */
const EDITS = 100;

function isOpen(rule: Rule): rule is RowRule {
  return isRowRule(rule) && rule.type !== 'tiered_rate' && rule.filter === undefined;
}

/** A rule of fewer rows; a leaf that opts tax in keeps doing so. */
function narrowed(rule: RowRule, filter: Filter): RowRule {
  return { ...rule, filter: rule.filter === undefined ? filter : { all: [rule.filter, filter] } };
}

/** A filter that opts tax in would take rows that the rule did not act on before. */
function withoutTax(filter: Filter, { filter: own }: RowRule): Filter {
  return JSON.stringify([own, filter]).includes('"Tax"') ? { field: 'RegionId', op: 'exists' } : filter;
}

function inOrder(rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule, at) => ({ ...rule, order: at + 1 }));
}

/** Ids of rules end in three digits, the first of them 0 in a random case. */
function otherId(id: string, part: number): string {
  return `${id.slice(0, 13)}${part}${id.slice(14)}`;
}

function wholeId(fact: string): string {
  return fact.replace(/(?<= rul_\d{9})\d/, '0');
}

function subAccountsOf({ assignments }: Scene): readonly string[] {
  return ['none', ...assignments.map(({ subAccountId }) => subAccountId)];
}

function caseNumber({ customers }: Scene): string {
  return /^cus_\d\d(\d{9})/.exec(customers[0] ?? '')?.[1] ?? '';
}

function beforeTheEdits(fact: Facts[number]): string {
  return fact.replace(/(?<=^waterfall \S+ \S+ )\d{3,}/, (version) => String(Number(version) - EDITS));
}
