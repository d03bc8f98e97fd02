import { AMOUNTS, type DeliveredRow } from '../bill.ts';
import type { Facts } from '../facts.ts';
import { fixed, plain, times } from '../fixed.ts';
import type { Scene } from '../price-bill.ts';
import type { Random } from '../random.ts';
import { isRowRule } from '../rule.ts';
import { ofKinds, type Relation, unlike } from './relation.ts';

/** Relations about the rows of a bill: their order, their files, how many, how large. */
export const ROW_RELATIONS: readonly Relation[] = [
  {
    says: 'rows in another order are charged the same',
    base: (scene) => scene,
    changed: (scene, random) => [{ ...scene, rows: shuffled(scene.rows, random) }],
    compare: unlike,
  },
  {
    says: 'a bill priced day by day is charged the same',
    base: rowByRow,
    changed: (scene) => cut(scene, ({ ChargePeriodStart }) => (ChargePeriodStart ?? '') < '2025-03-15'),
    compare: sameRows,
  },
  {
    says: 'a bill priced file by file is charged the same',
    base: rowByRow,
    changed: (scene, random) => cut(scene, () => random.percent(50)),
    compare: sameRows,
  },
  {
    says: 'ten times the costs are charged ten times as much',
    base: (scene) => {
      if (scene.precedence === 'sequential') return undefined;
      const whole = rowByRow(scene);
      const rules = whole.rules.filter(({ type }) => type !== 'fixed_rate');
      return { ...whole, rules, rows: whole.rows.map((row) => eachNumber(row, (text) => plain(fixed(text, 12)))) };
    },
    changed: (scene) => [
      { ...scene, rows: scene.rows.map((row) => eachNumber(row, (text) => plain(fixed(text) * 10n), isScaled)) },
    ],
    compare: (base, changed) => unlike(ofKinds(base, 'waterfall').map(tenfold), ofKinds(changed, 'waterfall')),
  },
  {
    says: 'rows that come twice are charged twice, alike',
    base: rowByRow,
    changed: (scene) => [{ ...scene, rows: [...scene.rows, ...scene.rows.map(again)] }],
    compare: (base, changed) => {
      const lines = ofKinds(base, 'owner', 'ledger', 'waterfall');
      return unlike([...lines, ...lines], ofKinds(changed, 'owner', 'ledger', 'waterfall').map(firstTime));
    },
  },
  {
    says: 'priced again, every row is the same',
    base: (scene) => scene,
    changed: (scene) => [scene],
    compare: unlike,
  },
];

/** The case without what looks at more than one row: counters, shares of commitments, percentages of the whole. */
function rowByRow(scene: Scene): Scene {
  return {
    ...scene,
    rules: scene.rules.filter((rule) => isRowRule(rule) && rule.type !== 'tiered_rate'),
    commitmentsOf: {},
  };
}

/** The same of every row; warnings count rows, so a cut bill has them in parts. */
function sameRows(base: Facts, changed: Facts): readonly string[] {
  return unlike(ofKinds(base, 'owner', 'ledger', 'waterfall'), ofKinds(changed, 'owner', 'ledger', 'waterfall'));
}

function cut(scene: Scene, isFirst: (row: DeliveredRow) => boolean): readonly Scene[] {
  const first = new Set(scene.rows.filter(isFirst));
  return [true, false].map((side) => ({ ...scene, rows: scene.rows.filter((row) => first.has(row) === side) }));
}

function shuffled<Value>(values: readonly Value[], random: Random): readonly Value[] {
  const rest = [...values];
  return values.map(() => rest.splice(random.below(rest.length), 1)[0] as Value);
}

const isScaled = (name: string) => !name.endsWith('UnitPrice');

function eachNumber(
  row: DeliveredRow,
  change: (text: string) => string,
  takes: (name: string) => boolean = () => true,
) {
  const numbers = [...AMOUNTS, 'PricingQuantity' as const].flatMap((name) => {
    const text = row[name] ?? null;
    return text === null || !takes(name) ? [] : [[name, change(text)] as const];
  });
  return { ...row, ...Object.fromEntries(numbers) };
}

/** A line of the waterfall with ten times its deltas. */
function tenfold(fact: string): string {
  const at = fact.lastIndexOf(' ');
  const deltas = fact.slice(at + 1).split(',');
  return `${fact.slice(0, at)} ${deltas.map((delta) => plain(times(fixed(delta), fixed('10'))))}`;
}

/** Ids of rows end in two digits, below 50 in a random case. */
function again(row: DeliveredRow): DeliveredRow {
  const [number, place] = row.x_RowId.split('-');
  return { ...row, x_RowId: `${number}-${Number(place) + 50}` };
}

function firstTime(fact: string): string {
  return fact.replace(/(?<= \d+-)(\d\d)(?= )/, (place) => {
    const at = Number(place) >= 50 ? Number(place) - 50 : Number(place);
    return String(at).padStart(2, '0');
  });
}
