import type { getRule as contract } from '../../contracts/rules/get-rule.ts';
import type { UseCase } from '../use-case.ts';
import { answerRule } from './answer-rule.ts';
import { requireRule } from './require-rule.ts';
import type { RuleDeps } from './rule-deps.ts';

/** Answers one rule. */
export const getRule =
  (deps: Pick<RuleDeps, 'rules'>): UseCase<typeof contract> =>
  async ({ params: { ruleId } }) => {
    const rule = requireRule(await deps.rules.list(), ruleId);
    return { body: answerRule(rule), version: rule.version };
  };
