import type { createRule as contract } from '../../contracts/rules/create-rule.ts';
import { RULES_MOST } from '../../contracts/rules/rule.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { touchedByRules } from '../../domain/touched-by.ts';
import type { RuleStore } from '../../ports/rule-store.ts';
import { askRepricing } from '../ask-repricing.ts';
import type { UseCase } from '../use-case.ts';
import { acceptRule } from './accept-rule.ts';
import { answerRule } from './answer-rule.ts';
import type { RuleDeps } from './rule-deps.ts';

/** Whoever else changes the order comes first; the rule then goes behind what is there. */
const TRIES_MOST = 5;

/** Appends a rule to the order. */
export const createRule =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ body, caller }) => {
    const rule = await acceptRule(body, deps.customers);
    const createdAt = deps.clock.now().toISOString();
    const stored = await append(deps.rules, {
      id: deps.newRuleId(),
      version: 1,
      createdAt,
      createdBy: caller.sub,
      rule,
    });
    await askRepricing(deps.repricing, touchedByRules([rule]));
    return { body: answerRule(stored), version: stored.version };
  };

async function append(rules: RuleStore, rule: Omit<StoredRule, 'order'>): Promise<StoredRule> {
  for (let tries = 0; tries < TRIES_MOST; tries += 1) {
    const list = await rules.list();
    const order = list.rules.length + 1;
    if (order > RULES_MOST) throw new Problem('too_many_items', { what: 'rules', most: RULES_MOST, got: order });
    if ((await rules.add(rule, list)) === 'added') return { ...rule, order };
  }
  throw new Problem('conflict', { what: 'other changes of the rules, one after the other' });
}
