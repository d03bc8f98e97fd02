import type { reorderRules as contract } from '../../contracts/rules/reorder-rules.ts';
import { touchedByReorder } from '../../domain/touched-by.ts';
import { askRepricing } from '../ask-repricing.ts';
import { overtaken, requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { answerRule } from './answer-rule.ts';
import type { RuleDeps } from './rule-deps.ts';
import { rulesInOrder } from './rules-in-order.ts';

/** Sets the whole order at once: the ids must be exactly those there are. */
export const reorderRules =
  (deps: RuleDeps): UseCase<typeof contract> =>
  async ({ body: { ruleIds }, ifMatchVersion }) => {
    const list = await deps.rules.list();
    requireVersion(ifMatchVersion, list.orderVersion);
    const ordered = rulesInOrder(list.rules, ruleIds);
    if ((await deps.rules.reorder(ruleIds, list)) === 'stale') throw overtaken(ifMatchVersion);
    await askRepricing(deps.repricing, touchedByReorder(list.rules, ruleIds));
    const items = ordered.map((rule, index) => answerRule({ ...rule, order: index + 1 }));
    return { body: { items }, version: list.orderVersion + 1 };
  };
