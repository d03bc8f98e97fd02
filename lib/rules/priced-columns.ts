import type { Precedence } from '../domain/settings.ts';
import { identifiers } from '../sql/identifiers.ts';
import type { AmountColumn } from './amounts.ts';
import { DELIVERED_COLUMNS } from './delivered-columns.ts';

/** Which rules price a row: one number under `first_match`, else all numbers in the order they act. */
const NUMBER_COLUMNS = ['x_RuleNumber', 'x_RuleNumbers'] as const;

/** The original amounts of a row (`pricing.md` §3), where commitment policies may have changed the delivered ones. */
const SETTLED_COLUMNS = [
  'x_SettledBilledCost',
  'x_SettledEffectiveCost',
  'x_SettledContractedCost',
  'x_SettledContractedUnitPrice',
  /** Null, `repriced` or `on_demand_price_missing`. */
  'x_Settlement',
] as const;

/** What pricing adds to a delivered row. The delivered amounts stay under their own names beside the charged ones. */
const PRICING_COLUMNS = [
  'x_ChargedBilledCost',
  'x_ChargedEffectiveCost',
  'x_ChargedContractedCost',
  'x_ChargedListCost',
  'x_ChargedContractedUnitPrice',
  'x_ChargedListUnitPrice',
  /** The row left the customer ledger. */
  'x_Removed',
  /** The price charged is the standard one: PricingCategory `Standard`. */
  'x_IsStandardPrice',
  /** The customer sees nothing of the commitment that the row belongs to. */
  'x_HidesCommitment',
  /** The number of the rule that set the final price; null where none did. */
  'x_PriceSetBy',
] as const;

const ALL = [...DELIVERED_COLUMNS, ...SETTLED_COLUMNS, ...NUMBER_COLUMNS, ...PRICING_COLUMNS] as const;
type PricedColumn = (typeof ALL)[number];

/** Writes a column of `priced`. */
export const pricedColumn = identifiers(ALL);

/** Writes the column that says which rules price a row. */
export const numberColumn = identifiers(NUMBER_COLUMNS);

/** What decides which columns `priced` has. */
export interface PricedForm {
  readonly precedence: Precedence;
  /** Whether commitment policies act on anybody's rows. */
  readonly hasPolicies: boolean;
}

/** The relation `priced`: columns of `delivered`, then those of pricing, in order. */
export function pricedColumns({ precedence, hasPolicies }: PricedForm): readonly PricedColumn[] {
  return [
    ...DELIVERED_COLUMNS,
    ...(hasPolicies ? SETTLED_COLUMNS : []),
    precedence === 'first_match' ? 'x_RuleNumber' : 'x_RuleNumbers',
    ...PRICING_COLUMNS,
  ];
}

/** The column of a charged amount, DECIMAL(38,18). */
export function chargedColumn(amount: AmountColumn) {
  return pricedColumn(`x_Charged${amount}`);
}

/** The column of an original amount, DECIMAL(28,12): no policy changes list amounts. */
export function originalColumn(amount: AmountColumn, { hasPolicies }: Pick<PricedForm, 'hasPolicies'>) {
  if (!hasPolicies || amount === 'ListCost' || amount === 'ListUnitPrice') return pricedColumn(amount);
  return pricedColumn(`x_Settled${amount}`);
}
