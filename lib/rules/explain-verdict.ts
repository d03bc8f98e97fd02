import type { RowRule } from '../domain/billing-rule.ts';
import type { DecidingLeaf } from './conditions/deciding-leaves.ts';
import { explainCondition } from './conditions/explain-condition.ts';
import type { DeliveredRow } from './delivered-row.ts';
import type { Verdict } from './verdict.ts';

/** Why a rule was not applied. */
type Reason = Exclude<Verdict, { kind: 'applied' }>;

/** Enough to see why; a filter has up to 200 tests. */
const LEAVES_SHOWN = 5;

/** Why a rule was not applied, by kind of reason. */
const REASONS: {
  readonly [Kind in Reason['kind']]: (
    verdict: Extract<Reason, { kind: Kind }>,
    of: { readonly rule: RowRule; readonly row: DeliveredRow },
  ) => string;
} = {
  out_of_scope: () => 'not for this customer',
  out_of_date: (_, { rule: { startDate, endDate }, row }) =>
    `the charge starts on ${row.ChargePeriodStart.slice(0, 10)}, the rule is from ${startDate} ${endDate === undefined ? 'on' : `to ${endDate}`}`,
  other_kind_of_row: (_, { rule, row }) =>
    `${rule.type} leaves such a row alone (ChargeCategory ${row.text.ChargeCategory ?? 'not given'}, PricingUnit ${row.text.PricingUnit ?? 'not given'})`,
  filter: ({ leaves }) => {
    const more = leaves.length - LEAVES_SHOWN;
    const shown = leaves.slice(0, LEAVES_SHOWN).map(explainLeaf).join('; ');
    return `the filter does not match: ${shown}${more > 0 ? `; and ${more} tests more` : ''}`;
  },
  shadowed: ({ by }) => `it would apply, but rule ${by.order}, “${by.rule.name}”, comes before it`,
};

/** Why a rule was not applied to a row, in words. */
export function explainVerdict<Kind extends Reason['kind']>(
  verdict: Extract<Reason, { kind: Kind }>,
  of: { readonly rule: RowRule; readonly row: DeliveredRow },
): string {
  const kind: Kind = verdict.kind;
  return REASONS[kind](verdict, of);
}

/** One test and what the row has: `ServiceName is "Amazon EC2", and it is "Amazon S3"`. */
export function explainLeaf({ leaf, isNegated, actual }: DecidingLeaf): string {
  const test = explainCondition(isNegated ? { not: leaf } : leaf);
  return `${test}, and it is ${actual === null ? 'not given' : JSON.stringify(actual)}`;
}
