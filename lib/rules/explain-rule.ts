import type { BillingRule, RuleOf, RuleType } from '../domain/billing-rule.ts';
import { explainCondition } from './conditions/explain-condition.ts';

/** What each type does to a row, or adds, in words for the partner. */
const EXPLANATIONS: { readonly [Type in RuleType]: (rule: RuleOf<Type>) => string } = {
  adjust_to_list: ({ offsetPercent }) => `charges the list price${offset(offsetPercent)}`,
  rerate: ({ offsetPercent }) => `charges what the provider billed${offset(offsetPercent)}`,
  back_out: ({ mode }) =>
    mode === 'remove' ? 'leaves the row out of the customer’s bill' : 'shows the row to the customer at a cost of 0',
  charge: ({ amount, currency, serviceName, frequency }) => {
    const money = currency === undefined ? amount : `${amount} ${currency}`;
    return `adds ${money} for ${serviceName} to each customer ${frequency === 'monthly' ? 'in every calendar month' : 'once, on the first day'}`;
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

function offset(percent: string): string {
  if (Number(percent) === 0) return '';
  return percent.startsWith('-') ? ` less ${percent.slice(1)} %` : ` plus ${percent} %`;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
