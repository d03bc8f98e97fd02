import type { CommitmentPolicy } from './commitments.ts';
import type { Assignment } from './owners.ts';
import type { Precedence } from './precedence.ts';
import type { Scene } from './price-bill.ts';
import { Random } from './random.ts';
import { randomRows, recased } from './random-rows.ts';
import { randomRule } from './random-rules.ts';
import type { Rule } from './rule.ts';

/** What the product under test can be given; the rest of `pricing.md` waits for it. */
export interface Implemented {
  readonly precedence: readonly Precedence[];
  isRule(rule: Readonly<Record<string, unknown>>): boolean;
  isPolicy(policy: CommitmentPolicy): boolean;
}

const RULES_MAX = 20;
const DATES = ['2025-03-01', '2025-03-02', '2025-03-15', '2025-03-31'];

/** The case of a seed and a number: a bill, its rules, owners and settings. Its ids carry the number, so that cases can be joined. */
export function randomCase(seed: number, number: number, implemented: Implemented, precedence?: Precedence): Scene {
  const random = Random.ofCase(seed, number);
  const customers = random.some(1, 4, () => '').map((_, at) => `cus_${String(number).padStart(11, '0')}${at}`);
  const subAccounts = random.some(2, 6, () => '').map((_, at) => `Acc-${at}-${number}`);
  const policy = () => randomPolicy(random, implemented);
  return {
    rows: randomRows(random, number, subAccounts),
    rules: randomRules(random, number, { customers, subAccounts, implemented }),
    precedence: precedence ?? random.of(implemented.precedence),
    assignments: subAccounts.flatMap((id) => randomAssignments(random, id, customers)),
    customers,
    commitments: { policy: 'pass_through' },
    commitmentsOf: Object.fromEntries(customers.map((customer) => [customer, policy()])),
    period: '2025-03',
    currency: 'USD',
  };
}

function randomRules(
  random: Random,
  number: number,
  { implemented, ...own }: { customers: readonly string[]; subAccounts: readonly string[]; implemented: Implemented },
): readonly Rule[] {
  const count = random.percent(10) ? RULES_MAX : random.below(9);
  const isCrowded = count === RULES_MAX && random.percent(50);
  const sent = random.some(count, count, () => {
    let rule = randomRule(random, own);
    while (!implemented.isRule(rule)) rule = randomRule(random, own);
    return isCrowded ? onEveryRow(rule) : rule;
  });
  const created = sent.map((_, at) => at).sort(() => random.below(2) * 2 - 1);
  return sent.map((rule, at) => {
    const server = {
      id: `rul_${String(number).padStart(9, '0')}${String(at).padStart(3, '0')}`,
      version: 1 + (at % 3),
    };
    return { ...rule, ...server, order: at + 1, created: created[at] ?? at } as unknown as Rule;
  });
}

/** The rule for all rows of all time: rows then have more rules than one statement applies. */
function onEveryRow({ filter, endDate, ...rule }: ReturnType<typeof randomRule>): ReturnType<typeof randomRule> {
  return { ...rule, enabled: true, startDate: '2025-01-01', customers: 'all' };
}

/** One owner always, owners who take turns, a gap, the partner, or nobody; now and then one provider's rows apart. */
function randomAssignments(random: Random, id: string, customers: readonly string[]): readonly Assignment[] {
  const owner = () => (random.percent(8) ? 'partner' : random.of(customers));
  const subAccountId = recased(random, id);
  const apart = random.percent(8) ? [{ subAccountId, provider: 'AWS', owner: owner() }] : [];
  const kind = random.below(10);
  if (kind === 0) return apart;
  if (kind < 6) return [...apart, { subAccountId, owner: owner() }];
  const [day = '', next = ''] = random.of([0, 1, 2].map((at) => DATES.slice(at)));
  const [first, second] = [owner(), owner()];
  const start = kind < 8 ? nextDay(day) : nextDay(next);
  if (first === second) return [...apart, { subAccountId, owner: first, to: day }];
  return [...apart, { subAccountId, owner: first, to: day }, { subAccountId, owner: second, from: start }];
}

function randomPolicy(random: Random, { isPolicy }: Implemented): CommitmentPolicy {
  const drawn: CommitmentPolicy = random.of([
    { policy: 'pass_through' },
    { policy: 'pass_through' },
    { policy: 'retain' },
    { policy: 'share', percent: random.of(['0', '50', '100', '33.3333']) },
    { policy: 'allocate' },
    { policy: 'allocate' },
  ] as const);
  return isPolicy(drawn) ? drawn : { policy: 'pass_through' };
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
