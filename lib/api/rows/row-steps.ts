import type { AnswerOf } from '../../contracts/contract.ts';
import type { explainRow as contract } from '../../contracts/rows/explain-row.ts';
import type { CommitmentPolicy } from '../../domain/commitment-policy.ts';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { PARTNER, UNASSIGNED } from '../../names/tables.ts';
import type { Plan } from '../../pipeline/split-bill/plan.ts';
import { explainPolicy } from '../../rules/commitments/explain-policy.ts';
import { rowRulesInOrder } from '../../rules/compile-rules.ts';
import type { DeliveredRow } from '../../rules/delivered-row.ts';
import { explainEffect } from '../../rules/explain-effect.ts';
import { explainRule } from '../../rules/explain-rule.ts';
import { explainLeaf, explainVerdict } from '../../rules/explain-verdict.ts';
import { type Judged, judgeRules } from '../../rules/verdict.ts';
import { type FourAmounts, NOTHING, plus } from '../rules/four-amounts.ts';
import type { WaterfallEntry } from './published-row.ts';

/** A step as it is answered. */
export type RowStep = Extract<AnswerOf<typeof contract>['body'], { view: 'partner' }>['steps'][number];

/** What is known of one delivered row of a customer. */
export interface RowFacts {
  readonly row: DeliveredRow;
  readonly delivered: FourAmounts;
  /** What the run did to it. */
  readonly entries: readonly WaterfallEntry[];
  readonly plan: Plan;
}

/**
 * The steps from delivered to charged: the commitment policy, then every rule of the run in its order. What was applied
 * is what the run wrote; why a rule was not is found again from the row. Throws where the two disagree: our bug.
 */
export function rowSteps({ row, delivered, entries, plan }: RowFacts): readonly RowStep[] {
  if (row.x_Owner === UNASSIGNED || row.x_Owner === PARTNER) return [];
  const { precedence } = plan.partner;
  const steps = [commitmentStep({ row, delivered, entries, plan })];
  const original = steps[0]?.after ?? delivered;
  let isFirst = true;
  for (const judged of judgeRules(rowRulesInOrder(plan.rules), row, precedence)) {
    const before = steps.at(-1)?.after ?? delivered;
    const given = new ExactDecimal(precedence === 'sequential' ? before.BilledCost : original.BilledCost);
    const step = ruleStep(judged, { row, entries, plan, before, given, isFirst });
    if (step.verdict === 'applied') isFirst = false;
    steps.push(step);
  }
  return steps;
}

function commitmentStep({ row, delivered, entries, plan }: RowFacts): RowStep {
  const entry = entries.find(({ stage }) => stage === 'commitment');
  const customer = plan.customers.find(({ id }) => id === row.x_Owner);
  const policy: CommitmentPolicy = customer?.commitments ?? plan.partner.commitments;
  const words = `The customer’s commitment policy ${explainPolicy(policy)}.`;
  const what =
    entry?.warning === 'on_demand_price_missing'
      ? ' There is no on-demand price: the row stays as delivered.'
      : entry === undefined && policy.policy !== 'pass_through'
        ? ' No commitment was used on this row.'
        : '';
  return {
    stage: 'commitment',
    verdict: entry?.isApplied === true ? 'applied' : 'not_applied',
    rule: null,
    shadowedBy: null,
    failedTests: [],
    warning: entry?.warning ?? null,
    delta: entry?.delta ?? NOTHING,
    after: plus(delivered, entry?.delta ?? NOTHING),
    words: `${words}${what}`,
  };
}

interface RuleGiven extends Omit<RowFacts, 'delivered'> {
  /** The running sum before the rule. */
  readonly before: FourAmounts;
  /** The BilledCost that the rule computes from; rounded, where it is not the first that was applied. */
  readonly given: ExactDecimal;
  readonly isFirst: boolean;
}

function ruleStep({ stored, verdict }: Judged, { row, entries, plan, before, given, isFirst }: RuleGiven): RowStep {
  const ofRule = entries.filter(({ stage, rule }) => stage === 'rule' && rule?.id === stored.id);
  const applied = ofRule.find(({ isApplied }) => isApplied);
  if ((applied !== undefined) !== (verdict.kind === 'applied'))
    throw new Error(`the run and the row disagree whether ${stored.id} was applied`);
  const delta = applied?.delta ?? NOTHING;
  const after = plus(before, delta);
  const nameOf = (id: string) => plan.customers.find((customer) => customer.id === id)?.name ?? id;
  const { rule } = stored;
  return {
    stage: 'rule',
    verdict: verdict.kind,
    rule: { id: stored.id, version: stored.version, order: stored.order, name: rule.name, type: rule.type },
    shadowedBy: verdict.kind === 'shadowed' ? verdict.by.id : null,
    failedTests: verdict.kind === 'filter' ? verdict.leaves.map(explainLeaf) : [],
    warning: applied?.warning ?? ofRule.find(({ warning }) => warning !== null)?.warning ?? null,
    delta,
    after,
    words: `Rule ${stored.order}, “${rule.name}”: ${explainRule(rule, nameOf)} ${effectOf()}`,
  };

  function effectOf(): string {
    if (verdict.kind !== 'applied') return `Not applied: ${explainVerdict(verdict, { rule, row })}.`;
    if (applied?.warning === 'list_price_missing')
      return 'Applied, but the list price is missing: the row stays as it is.';
    const result = given.plus(delta.BilledCost);
    return `Applied: ${explainEffect(rule, { before: given.toDecimalPlaces(isFirst ? 18 : 12), row })}; BilledCost is ${decimalString(result)}.`;
  }
}
