import type { Condition } from '../../domain/condition.ts';
import { type ImportedRules, type ImportOptions, joinImports, leftOut, type RuleDraft } from '../imported-rules.ts';
import { type PriceBookGroup, type PriceBookRule, readPriceBook } from './price-book.ts';
import { anyOf, productFilter } from './product-filter.ts';

/** Percentages of ours have at most four decimals (`pricing.md` §2), unit rates ten digits. */
const PERCENTAGE = /^\d{1,5}(?:\.\d{1,4}0*)?$/;
const RATE = /^(?=[\d.]{1,11}$)\d{1,10}(?:\.\d{1,9})?$/;

/**
 * CloudHealth's price book (XML) as rules of ours, in its order. It means `first_match`: CloudHealth uses the first rule
 * that fits a line. A rule becomes one of ours: its products are alternatives of one filter.
 *
 * @throws ImportRefused where the file is no price book, or a group has no first day and `options` neither
 */
export function importPriceBook(text: string, options: ImportOptions): ImportedRules {
  const groups = readPriceBook(text);
  const imported = joinImports(groups.flatMap((group) => group.rules.map((rule) => importRule(group, rule, options))));
  return { ...imported, notes: [...imported.notes, ...notesOfAll(imported)] };
}

/** What is true of every rule of a price book. */
function notesOfAll({ rules }: ImportedRules): ImportedRules['notes'] {
  if (rules.length === 0) return [];
  const where = 'every rule';
  return [
    { where, kind: 'reads_otherwise', what: 'it is meant for the partner’s precedence first_match' },
    {
      where,
      kind: 'reads_otherwise',
      what: 'CloudHealth passes over negative lines; here a refund is repriced as its charge was',
    },
  ];
}

function importRule(group: PriceBookGroup, rule: PriceBookRule, options: ImportOptions): ImportedRules {
  const priced = priceOf(rule, options);
  if ('cannot' in priced) return leftOut(rule.where, priced.cannot);
  const filters: Condition[] = [];
  for (const product of rule.products.length === 0 ? [EVERY_PRODUCT] : rule.products) {
    const one = productFilter(product, rule);
    if ('cannot' in one) return leftOut(rule.where, one.cannot);
    filters.push(one.filter);
  }
  const startDate = group.startDate ?? options.startDate;
  if (startDate === undefined) return leftOut(rule.where, 'its group has no startDate: name the first day of data');
  const payers: Condition[] =
    group.payerAccountIds.length === 0
      ? []
      : [{ field: 'BillingAccountId', op: 'in', values: [...group.payerAccountIds] }];
  const draft: RuleDraft = {
    name: rule.name,
    ...priced,
    enabled: group.isEnabled,
    startDate,
    ...(group.endDate === null ? {} : { endDate: group.endDate }),
    customers: options.customers,
    filter: payers.length === 0 ? anyOf(filters) : { all: [...payers, anyOf(filters)] },
  };
  return { rules: [draft], notes: [] };
}

const EVERY_PRODUCT = { productName: null, narrowings: new Map() };

/** The type of ours and its price, or why there is none. A new adjustment does not compile without a line. */
function priceOf(
  { adjustment, amount }: PriceBookRule,
  { pricingUnit }: ImportOptions,
): { type: string; [field: string]: string } | { cannot: string } {
  switch (adjustment) {
    case 'percentDiscount':
    case 'percentIncrease':
      return percentPrice(amount, adjustment === 'percentDiscount');
    case 'fixedRate':
      if (!RATE.test(amount)) return { cannot: `the rate ${amount} is not a decimal of at most ten digits, 0 or more` };
      if (pricingUnit === undefined) return { cannot: 'a fixed rate needs the unit it is for: name the PricingUnit' };
      return { type: 'fixed_rate', rate: amount, pricingUnit };
    default:
      return adjustment satisfies never;
  }
}

function percentPrice(
  amount: string,
  isDiscount: boolean,
): { type: string; [field: string]: string } | { cannot: string } {
  if (!PERCENTAGE.test(amount)) return { cannot: `the percentage ${amount} is not a decimal of at most four decimals` };
  const percent = amount.replace(/(\.\d{1,4})0*$/, '$1');
  if (isDiscount && Number(percent) > 100) return { cannot: `a discount of ${amount} % is more than the price` };
  return {
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: isDiscount && Number(percent) !== 0 ? `-${percent}` : percent,
  };
}
