import type { RuleId } from '../../domain/ids.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { RuleStore } from '../../ports/rule-store.ts';
import { changesRows } from '../../rules/changes-rows.ts';
import { askRepricing, type Repricing, type TouchedDays } from '../ask-repricing.ts';

/** What the rule operations need of the world. */
export interface RuleDeps {
  readonly rules: RuleStore;
  readonly customers: Pick<CustomerStore, 'find'>;
  readonly clock: Clock;
  readonly newRuleId: () => RuleId;
  readonly repricing: Repricing;
}

/** Asks for the periods that these rules, or versions of one rule, can touch. */
export async function askForRules(repricing: Repricing, ...rules: readonly StoredRule[]): Promise<void> {
  await askRepricing(repricing, daysOf(rules), { additions: rules.some(({ rule }) => !changesRows(rule)) });
}

function daysOf(rules: readonly StoredRule[]): TouchedDays {
  const from = rules.map(({ rule }) => rule.startDate).sort()[0] ?? null;
  const ends = rules.map(({ rule }) => rule.endDate);
  return { from, to: ends.includes(undefined) ? null : (ends.map(String).sort().at(-1) ?? null) };
}
