import type { listRules as contract } from '../../contracts/rules/list-rules.ts';
import type { UseCase } from '../use-case.ts';
import { answerRule } from './answer-rule.ts';
import type { RuleDeps } from './rule-deps.ts';

/** Lists all rules in order, with the order's version. */
export const listRules =
  (deps: Pick<RuleDeps, 'rules'>): UseCase<typeof contract> =>
  async () => {
    const { rules, orderVersion } = await deps.rules.list();
    return { body: { items: rules.map(answerRule) }, version: orderVersion };
  };
