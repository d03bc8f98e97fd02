import type { updateRule as contract } from '../../contracts/rules/update-rule.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByRules } from '../../domain/touched-by.ts';
import { askRepricing } from '../ask-repricing.ts';
import { overtaken, requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { acceptRule } from './accept-rule.ts';
import { answerRule } from './answer-rule.ts';
import { requireRule } from './require-rule.ts';
import type { RuleDeps } from './rule-deps.ts';

/** Makes the next version of a rule; periods that the old or the new one can touch are priced again. */
export const updateRule =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ params: { ruleId }, body, caller, ifMatchVersion }) => {
    const before = requireRule(await deps.rules.list(), ruleId);
    requireVersion(ifMatchVersion, before.version);
    if (body.type !== before.rule.type)
      throw new Problem('rule_type_immutable', { was: before.rule.type, now: body.type });
    const rule = await acceptRule(body, deps.customers);
    const stored = {
      ...before,
      version: before.version + 1,
      createdAt: deps.clock.now().toISOString(),
      firstCreatedAt: before.firstCreatedAt ?? before.createdAt,
      createdBy: caller.sub,
      rule,
    };
    if ((await deps.rules.replace(stored)) === 'stale') throw overtaken(ifMatchVersion);
    await askRepricing(deps.repricing, touchedByRules([before.rule, rule]));
    return { body: answerRule(stored), version: stored.version };
  };
