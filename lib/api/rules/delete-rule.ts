import type { deleteRule as contract } from '../../contracts/rules/delete-rule.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByRules } from '../../domain/touched-by.ts';
import { askRepricing } from '../ask-repricing.ts';
import { requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { requireRule } from './require-rule.ts';
import type { RuleDeps } from './rule-deps.ts';

/** Another change of the order is no reason to fail: the rule is still the one that the caller has read. */
const TRIES_MOST = 5;

/** Takes a rule out of the order. */
export const deleteRule =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ params: { ruleId }, ifMatchVersion }) => {
    for (let tries = 0; tries < TRIES_MOST; tries += 1) {
      const list = await deps.rules.list();
      const before = requireRule(list, ruleId);
      requireVersion(ifMatchVersion, before.version);
      if ((await deps.rules.remove(before, list)) === 'stale') continue;
      await askRepricing(deps.repricing, touchedByRules([before.rule]));
      return { body: undefined };
    }
    throw new Problem('conflict', { what: 'other changes of the rules, one after the other' });
  };
