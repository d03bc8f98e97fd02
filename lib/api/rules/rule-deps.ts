import type { RuleId } from '../../domain/ids.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { RuleStore } from '../../ports/rule-store.ts';
import { addingRulesInOrder } from '../../rules/added-rows.ts';
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
  const enabled = rules.map((stored) => ({ ...stored, rule: { ...stored.rule, enabled: true } }));
  await askRepricing(repricing, daysOf(rules), { additions: addingRulesInOrder(enabled).length > 0 });
}

function daysOf(rules: readonly StoredRule[]): TouchedDays {
  const from = rules.map(({ rule }) => rule.startDate).sort()[0] ?? null;
  const ends = rules.map(({ rule }) => rule.endDate);
  return { from, to: ends.includes(undefined) ? null : (ends.map(String).sort().at(-1) ?? null) };
}
