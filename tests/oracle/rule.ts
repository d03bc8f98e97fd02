import type { ColumnField } from '../../lib/domain/filter-field.ts';

/** A filter as `pricing.md` §4 writes it. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | Leaf;

/** One test of a column or of a tag. */
export interface Leaf {
  readonly field: ColumnField | 'Tags';
  readonly key?: string;
  readonly op: 'in' | 'notIn' | 'startsWith' | 'contains' | 'wildcard' | 'matches' | 'exists' | 'notExists';
  readonly values?: readonly string[];
}

/** What every rule has on the wire, and what the server adds. */
interface EveryRule {
  readonly name: string;
  readonly enabled?: boolean;
  readonly startDate: string;
  readonly endDate?: string;
  readonly customers: 'all' | readonly string[];
  readonly id: string;
  readonly version: number;
  readonly order: number;
  /** Place in the order of creation. */
  readonly created: number;
}

interface Filtered extends EveryRule {
  readonly filter?: Filter;
}

/** Rules that change rows (`pricing.md` §5 a). */
export type RowRule = Filtered &
  (
    | { readonly type: 'adjust_to_list'; readonly offsetPercent?: string }
    | {
        readonly type: 'rerate';
        readonly base: 'billed_cost' | 'list_cost' | 'absolute_credits';
        readonly offsetPercent: string;
      }
    | { readonly type: 'operating_margin'; readonly base: 'billed_cost' | 'absolute_credits'; readonly percent: string }
    | { readonly type: 'back_out'; readonly mode?: 'remove' | 'zero' }
    | { readonly type: 'adjustment'; readonly percentShown: string }
    | { readonly type: 'fixed_rate'; readonly rate: string; readonly pricingUnit: string }
    | {
        readonly type: 'tiered_rate';
        readonly tiers: readonly { readonly from: string; readonly rate: string }[];
        readonly pricingUnit: string;
        readonly aggregate: 'customer' | 'sub_account';
      }
  );

/** Rules that add rows (`pricing.md` §5 b, c). */
export type AddingRule =
  | (EveryRule & {
      readonly type: 'charge' | 'credit';
      readonly amount: string;
      readonly currency?: string;
      readonly serviceName: string;
      readonly frequency?: 'one_time' | 'monthly';
    })
  | PercentageCharge;

/** A percentage of what a customer is charged. */
export type PercentageCharge = Filtered & {
  readonly type: 'percentage_charge';
  readonly percent?: string;
  readonly tiers?: readonly { readonly upTo?: string; readonly percent: string }[];
  readonly minimum?: string;
  readonly as?: 'charge' | 'credit';
};

/** A rule of any type. */
export type Rule = RowRule | AddingRule;

/** A rule that changes rows. */
export function isRowRule(rule: Rule): rule is RowRule {
  return rule.type !== 'charge' && rule.type !== 'credit' && rule.type !== 'percentage_charge';
}

/** Whether a moment is one of a rule's days, both ends included. */
export function isInDate(rule: Rule, moment: string): boolean {
  const day = moment.slice(0, 10);
  return rule.startDate <= day && (rule.endDate === undefined || day <= rule.endDate);
}

/** Whether a customer is meant. */
export function isInScope(rule: Rule, customer: string): boolean {
  return rule.customers === 'all' || rule.customers.includes(customer);
}
