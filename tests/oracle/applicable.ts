import { type DeliveredRow, numberOf, textOf } from './bill.ts';
import { holds, namesTax } from './filter.ts';
import { isInDate, isInScope, type RowRule } from './rule.ts';

/** Whether an enabled rule is applicable to a customer's row, as delivered: in scope, in date, acts on it, filter matches. */
export function isApplicable(rule: RowRule, row: DeliveredRow, owner: string): boolean {
  if (owner === 'partner' || owner === 'unassigned' || rule.enabled === false) return false;
  return (
    isInScope(rule, owner) &&
    isInDate(rule, row.ChargePeriodStart ?? '') &&
    actsOn(rule, row) &&
    (rule.filter === undefined || holds(rule.filter, row))
  );
}

/** Which rows a type acts on, whatever its filter says (the first table of `pricing.md` §5). */
function actsOn(rule: RowRule, row: DeliveredRow): boolean {
  switch (rule.type) {
    case 'back_out':
      return true;
    case 'adjustment':
      return isCost(rule, row);
    case 'operating_margin':
      return rule.base === 'absolute_credits' ? isCredit(row) : isCost(rule, row);
    case 'rerate':
      if (rule.base === 'absolute_credits') return isCredit(row);
      return rule.base === 'list_cost' ? isCost(rule, row) && isUse(row) : isCost(rule, row);
    case 'adjust_to_list':
      return isCost(rule, row) && isUse(row);
    case 'fixed_rate':
    case 'tiered_rate':
      return (
        isCost(rule, row) &&
        isUse(row) &&
        textOf(row, 'PricingUnit') === rule.pricingUnit &&
        numberOf(row, 'PricingQuantity') !== null
      );
  }
}

function isCredit(row: DeliveredRow): boolean {
  return row.ChargeCategory === 'Credit';
}

function isCost({ filter }: RowRule, row: DeliveredRow): boolean {
  return !isCredit(row) && (row.ChargeCategory !== 'Tax' || namesTax(filter));
}

/** Neither a commitment's purchase nor its unused part. */
function isUse(row: DeliveredRow): boolean {
  const isPurchase = row.ChargeCategory === 'Purchase' && textOf(row, 'CommitmentDiscountId') !== null;
  return !isPurchase && row.CommitmentDiscountStatus !== 'Unused';
}
