import type { deleteRule as contract } from '../../contracts/rules/delete-rule.ts';
import { Problem } from '../../domain/problem.ts';
import { askRepricing } from '../ask-repricing.ts';
import { requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { requireRule } from './require-rule.ts';
import { daysOf, type RuleDeps } from './rule-deps.ts';

/** Takes a rule out of the order. */
export const deleteRule =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ params: { ruleId }, ifMatchVersion }) => {
    const list = await deps.rules.list();
    const before = requireRule(list, ruleId);
    requireVersion(ifMatchVersion, before.version);
    if ((await deps.rules.remove(before, list)) === 'stale')
      throw new Problem('conflict', { what: 'another change of the rules' });
    await askRepricing(deps.repricing, daysOf(before.rule));
    return { body: undefined };
  };
