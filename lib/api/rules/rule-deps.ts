import type { RuleId } from '../../domain/ids.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { RuleStore } from '../../ports/rule-store.ts';
import type { Repricing, TouchedDays } from '../ask-repricing.ts';

/** What the rule operations need of the world. */
export interface RuleDeps {
  readonly rules: RuleStore;
  readonly customers: CustomerStore;
  readonly clock: Clock;
  readonly newRuleId: () => RuleId;
  readonly repricing: Repricing;
}

/** The days a rule can touch, over all its versions given. */
export function daysOf(...versions: readonly StoredRule['rule'][]): TouchedDays {
  const from = versions.map(({ startDate }) => startDate).sort()[0] ?? null;
  const ends = versions.map(({ endDate }) => endDate);
  return { from, to: ends.includes(undefined) ? null : (ends.map(String).sort().at(-1) ?? null) };
}
