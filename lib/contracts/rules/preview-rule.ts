import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { RuleId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { RULES_MOST, RuleInput } from './rule.ts';
import { PreviewGrouping, RulePreview, RunningPreview } from './rule-preview.ts';

/** A change of the rules that is only thought of: exactly one of a rule, a deletion and a new order. */
export const PreviewRequest = z
  .strictObject({
    rule: RuleInput.optional(),
    order: z.int().min(1).max(RULES_MOST).optional(),
    ruleId: RuleId.optional().meta({ description: 'The rule that `rule` would be the next version of.' }),
    deleteRuleId: RuleId.optional().meta({ description: 'The rule that would be deleted.' }),
    ruleIds: z.array(RuleId).max(1000).optional().meta({ description: 'All rules in the order they would have.' }),
    period: BillingPeriod.optional(),
    groupBy: z
      .array(PreviewGrouping)
      .max(PreviewGrouping.options.length)
      .default([])
      .meta({ description: 'What lines of `groups` are told apart by; without it there are none.' }),
    background: z.boolean().default(false).meta({ description: 'Answers 202 and a job, however few rows there are.' }),
  })
  .refine(
    ({ rule, deleteRuleId, ruleIds }) => [rule, deleteRuleId, ruleIds].filter((one) => one !== undefined).length === 1,
    { error: 'exactly one of `rule`, `deleteRuleId` and `ruleIds`' },
  )
  .refine(({ rule, order, ruleId }) => rule !== undefined || (order === undefined && ruleId === undefined), {
    error: '`order` and `ruleId` go with `rule`',
  });
export type PreviewRequest = z.output<typeof PreviewRequest>;

/** What a change of the rules would do to the last published period, in rows and money per customer. Nothing is changed. */
export const previewRule = contract({
  operationId: 'previewRule',
  method: 'POST',
  readOnly: true,
  path: '/v1/rules/preview',
  tag: 'Rules',
  summary: 'Preview a change of the rules',
  description:
    'Prices the rows of the last published open period (or the one given), over all its integrations, once with the ' +
    'rules as they are (of a closed month: as it was closed with them) and once with the change: this rule at `order` (default: the end; with `ruleId`: in the place of that ' +
    'rule), without the rule `deleteRuleId`, or in the order `ruleIds`. A rule that is switched off is previewed as if ' +
    'it were on. Up to 100,000 rows are answered at once; more become a job (202), whose `id` is asked for with ' +
    'GET /v1/rules/previews/{previewId}.',
  roles: ['partner'],
  body: PreviewRequest,
  status: 200,
  alsoStatus: 202,
  answer: z.discriminatedUnion('status', [RulePreview, RunningPreview]).meta({ id: 'PreviewAnswer' }),
  problems: [
    'nothing_published',
    'end_before_start',
    'scope_required',
    'scope_conflict',
    'currency_required',
    'rule_type_immutable',
    'too_many_items',
    'not_found',
  ],
});
