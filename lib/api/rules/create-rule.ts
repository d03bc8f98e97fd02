import type { createRule as contract } from '../../contracts/rules/create-rule.ts';
import { RULES_MOST } from '../../contracts/rules/rule.ts';
import { Problem } from '../../domain/problem.ts';
import { askRepricing } from '../ask-repricing.ts';
import type { UseCase } from '../use-case.ts';
import { acceptRule } from './accept-rule.ts';
import { answerRule } from './answer-rule.ts';
import { daysOf, type RuleDeps } from './rule-deps.ts';

/** Appends a rule to the order. */
export const createRule =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ body, caller }) => {
    const rule = await acceptRule(body, deps.customers);
    const list = await deps.rules.list();
    if (list.rules.length >= RULES_MOST)
      throw new Problem('too_many_items', { what: 'rules', most: RULES_MOST, got: list.rules.length + 1 });
    const stored = {
      id: deps.newRuleId(),
      version: 1,
      createdAt: deps.clock.now().toISOString(),
      createdBy: caller.sub,
      rule,
    };
    if ((await deps.rules.add(stored, list)) === 'stale')
      throw new Problem('conflict', { what: 'another change of the rules' });
    await askRepricing(deps.repricing, daysOf(rule));
    return { body: answerRule({ ...stored, order: list.rules.length + 1 }), version: stored.version };
  };
