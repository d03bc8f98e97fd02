import type { BillingRule, RuleOf, RuleType } from '../domain/billing-rule.ts';
import { explainCondition } from './conditions/explain-condition.ts';

/** What each type does to a row, or adds, in words for the partner. */
const EXPLANATIONS: { readonly [Type in RuleType]: (rule: RuleOf<Type>) => string } = {
  adjust_to_list: ({ offsetPercent }) => `charges the list price${offset(offsetPercent)}`,
  rerate: ({ base, offsetPercent }) => {
    if (base === 'list_cost') return `charges what the provider billed${offset(offsetPercent)} of the list price`;
    return base === 'absolute_credits'
      ? `passes credits on${offset(offsetPercent)}`
      : `charges what the provider billed${offset(offsetPercent)}`;
  },
  operating_margin: ({ base, percent }) =>
    base === 'absolute_credits'
      ? `keeps ${percent} % of every credit`
      : `charges what the provider billed plus a margin of ${percent} % of it`,
  back_out: ({ mode }) =>
    mode === 'remove' ? 'leaves the row out of the customer’s bill' : 'shows the row to the customer at a cost of 0',
  adjustment: ({ percentShown }) => `shows ${percentShown} % of what the provider billed`,
  fixed_rate: ({ rate, pricingUnit }) => `charges ${rate} per unit, where the unit is ${JSON.stringify(pricingUnit)}`,
  tiered_rate: ({ tiers, pricingUnit, aggregate }) => {
    const steps = tiers.map(({ from, rate }) => `${rate} from ${from} on`).join(', ');
    const whose = aggregate === 'customer' ? 'the customer' : 'each sub account';
    return `charges per unit ${steps}, where the unit is ${JSON.stringify(pricingUnit)}, counted over the billing period for ${whose}`;
  },
  charge: ({ amount, ...rule }) => `adds ${addition(amount, rule)}`,
  credit: ({ amount, ...rule }) => `credits ${addition(amount, rule)}`,
  percentage_charge: ({ percent, tiers, minimum, as }) => {
    const steps = (tiers ?? []).map(
      (tier) => `${tier.percent} % ${tier.upTo === undefined ? 'of the rest' : `up to ${tier.upTo}`}`,
    );
    const least = minimum === undefined ? '' : `, at least ${minimum}`;
    const share = percent === undefined ? steps.join(', ') : `${percent} %`;
    return `${as === 'credit' ? 'credits' : 'adds'} ${share} of what each customer is charged in the month${least}`;
  },
};

/** A rule in one sentence for the partner: what, on which rows, for whom, when. Customers by id, or as `nameOf` says. */
export function explainRule(rule: BillingRule, nameOf: (customerId: string) => string = (id) => id): string {
  const rows = !('filter' in rule) || rule.filter === undefined ? '' : `, where ${explainCondition(rule.filter)}`;
  const whom = rule.customers === 'all' ? 'for all customers' : `for ${rule.customers.map(nameOf).join(', ')}`;
  const until = rule.endDate === undefined ? 'on' : `to ${rule.endDate}`;
  const paused = rule.enabled ? '' : ' (switched off)';
  return `${capitalised(explanationOf(rule))}${rows}; ${whom}, from ${rule.startDate} ${until}${paused}.`;
}

function explanationOf<Type extends RuleType>(rule: Extract<BillingRule, { type: Type }>): string {
  const type: Type = rule.type;
  return EXPLANATIONS[type](rule);
}

function addition(
  amount: string,
  { currency, serviceName, frequency }: Pick<RuleOf<'charge'>, 'currency' | 'serviceName' | 'frequency'>,
): string {
  const money = currency === undefined ? amount : `${amount} ${currency}`;
  const when = frequency === 'monthly' ? 'in every calendar month' : 'once, on the first day';
  return `${money} for ${serviceName} to each customer ${when}`;
}

function offset(percent: string): string {
  if (Number(percent) === 0) return '';
  return percent.startsWith('-') ? ` less ${percent.slice(1)} %` : ` plus ${percent} %`;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
