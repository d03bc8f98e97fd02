import type { Random } from './random.ts';
import { randomFilter } from './random-filters.ts';
import { randomDecimal } from './random-rows.ts';
import type { Rule } from './rule.ts';
import { DAYS } from './vocabulary.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What each type has beside the fields of every rule; some types often, so that rules meet. */
const FIELDS_OF: { readonly [Type in Rule['type']]: (random: Random) => Fields } = {
  adjust_to_list: (random) => (random.percent(20) ? {} : { offsetPercent: randomOffset(random) }),
  rerate: (random) => ({
    base: random.of(['billed_cost', 'billed_cost', 'list_cost', 'absolute_credits']),
    offsetPercent: randomOffset(random),
  }),
  operating_margin: (random) => ({
    base: random.of(['billed_cost', 'absolute_credits']),
    percent: random.of(['0', '100', '120', randomDecimal(random, 4, 0, 300_000)]),
  }),
  back_out: (random) => (random.percent(40) ? {} : { mode: random.of(['remove', 'zero']) }),
  adjustment: (random) => ({ percentShown: random.of(['0', '100', randomDecimal(random, 4, 0, 1_500_000)]) }),
  fixed_rate: (random) => ({ rate: randomRate(random), pricingUnit: randomUnit(random) }),
  tiered_rate: (random) => ({
    tiers: [
      { from: '0', rate: randomRate(random) },
      ...[...new Set(random.some(0, 3, () => 1 + random.below(random.of([9, 9_999, 99_999_999]))))]
        .sort((one, other) => one - other)
        .map((from) => ({ from: String(from), rate: randomRate(random) })),
    ],
    pricingUnit: randomUnit(random),
    aggregate: random.of(['customer', 'sub_account']),
  }),
  charge: (random) => randomFlat(random),
  credit: (random) => randomFlat(random),
  percentage_charge: (random) => ({
    ...(random.percent(50)
      ? { percent: randomDecimal(random, 4, 0, 200_000) }
      : {
          tiers: [
            { upTo: '1000', percent: randomDecimal(random, 4, 0, 200_000) },
            { upTo: '100000.5', percent: randomDecimal(random, 4, 0, 200_000) },
            { percent: randomDecimal(random, 4, 0, 200_000) },
          ],
        }),
    ...(random.percent(30) ? { minimum: randomDecimal(random, 2, 1, 99_999) } : {}),
    as: random.of(['charge', 'credit']),
  }),
};

/** Every type that can be made up, whether the product knows it yet or not. */
export const TYPES = Object.keys(FIELDS_OF) as Rule['type'][];

/** Rules that change rows come up more often than those that add some. */
const DRAWN: readonly Rule['type'][] = [
  ...(['adjust_to_list', 'adjust_to_list', 'rerate', 'rerate', 'rerate', 'operating_margin', 'adjustment'] as const),
  ...TYPES,
];

/** A rule as it is sent, without what the server adds. */
export function randomRule(
  random: Random,
  { customers, subAccounts }: { customers: readonly string[]; subAccounts: readonly string[] },
): Fields & { readonly type: Rule['type'] } {
  const type = random.of(DRAWN);
  const hasFilter = type !== 'charge' && type !== 'credit' && random.percent(75);
  return {
    type,
    name: random.of(['Rule', 'Rule', 'Größe 5 %', "x'; DROP TABLE delivered --"]),
    enabled: random.percent(93),
    ...randomDays(random),
    customers: random.percent(60) ? 'all' : random.subset(customers),
    ...(hasFilter ? { filter: randomFilter(random, subAccounts) } : {}),
    ...FIELDS_OF[type](random),
  };
}

function randomDays(random: Random) {
  if (random.percent(50)) return { startDate: '2025-01-01' };
  const [startDate = '', endDate = ''] = [random.of(DAYS), random.of(DAYS)].sort();
  return random.percent(30) ? { startDate } : { startDate, endDate };
}

/** A percentage at its bounds, at nothing, or with four decimals. */
function randomOffset(random: Random): string {
  if (random.percent(3)) return '10000';
  return random.of([
    '-100',
    '0',
    '-12.5',
    randomDecimal(random, 4, -1_000_000, 600_000),
    randomDecimal(random, 0, -90, 40),
  ]);
}

function randomRate(random: Random): string {
  return random.of(['0', '0.25', randomDecimal(random, 4, 1, 9_999), randomDecimal(random, 10, 1, 999_999_999)]);
}

function randomUnit(random: Random): string {
  return random.of(['Hours', 'Hours', 'hours', 'GB']);
}

function randomFlat(random: Random): Fields {
  return {
    amount: random.of(['300', '0.000000000001', randomDecimal(random, 12, 1, 99_999_999)]),
    ...(random.percent(30) ? { currency: random.of(['USD', 'EUR']) } : {}),
    serviceName: 'Acme Services',
    frequency: random.of(['one_time', 'monthly']),
  };
}
