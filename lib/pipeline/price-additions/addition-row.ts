import type { BillingPeriod } from '../../domain/billing-period.ts';
import { boundsOf } from '../../domain/billing-period.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { AddedRow } from '../../rules/added-rows.ts';

/** The four costs as decimal strings. */
export type FourCosts = Readonly<Record<CostColumn, string>>;

/** One row of a result file as text by column; a column that is not there is null. */
export type TextRow = Readonly<Record<string, string | null>>;

/** A row that a month has besides the delivered ones, as both of its tables hold it. */
export interface AdditionRow {
  readonly customer: { readonly id: string; readonly name: string };
  readonly currency: string;
  readonly costs: FourCosts;
  /** The rule that it is from, or the closed month that it corrects. */
  readonly origin:
    | { readonly kind: 'rule'; readonly id: string; readonly name: string }
    | { readonly kind: 'correction'; readonly period: BillingPeriod };
  readonly charges: TextRow;
  readonly waterfall: TextRow;
}

/** Which month's additions are written, and whose name they carry. */
export interface AdditionsOf {
  readonly period: BillingPeriod;
  readonly partnerName: string;
}

/** The row of a charge, a credit or a percentage. */
export function additionOf(row: AddedRow, of: AdditionsOf): AdditionRow {
  const { customer, currency, amount, stored } = row;
  const costs: FourCosts = { BilledCost: amount, EffectiveCost: amount, ListCost: amount, ContractedCost: amount };
  return {
    customer,
    currency,
    costs,
    origin: { kind: 'rule', id: stored.id, name: stored.rule.name },
    charges: chargesRow(row, costs, of),
    waterfall: waterfallRow(row, costs),
  };
}

/** What every row of a customer's ledger that nobody delivered says alike. */
export function ledgerFrame(
  { customer, currency, costs }: Pick<AdditionRow, 'customer' | 'currency' | 'costs'>,
  { period, partnerName }: AdditionsOf,
): TextRow {
  const { start, end } = boundsOf(period);
  return {
    ...costs,
    BillingAccountId: customer.id,
    BillingAccountName: customer.name,
    BillingAccountType: 'Customer Tenant',
    BillingCurrency: currency,
    BillingPeriodStart: timestamp(start),
    BillingPeriodEnd: timestamp(end),
    InvoiceIssuerName: partnerName,
    /** FOCUS 1.2 wants both on every row; a charge is priced in the currency it is billed in. */
    PricingCurrency: currency,
    PricingCurrencyEffectiveCost: costs.EffectiveCost,
    ProviderName: partnerName,
  };
}

/** The change that the row is, column by column. */
export function deltasOf(costs: FourCosts): TextRow {
  return Object.fromEntries(COST_COLUMNS.map((cost) => [`x_${cost}Delta`, costs[cost]]));
}

/** `yyyy-mm-ddThh:mm:ss.sssZ` as a TIMESTAMP without zone reads it. */
export function timestamp(instant: string): string {
  return instant.replace('T', ' ').replace('Z', '');
}

/** The customer's row: an MSP fee as `normalisation.md` §3.7 has it; category and sub category are its tags. */
function chargesRow(row: AddedRow, costs: FourCosts, of: AdditionsOf): TextRow {
  return {
    ...ledgerFrame({ ...row, costs }, of),
    ChargeCategory: row.ChargeCategory,
    ChargeDescription: row.stored.rule.name,
    ChargeFrequency: row.ChargeFrequency,
    ChargePeriodStart: timestamp(row.ChargePeriodStart),
    ChargePeriodEnd: timestamp(row.ChargePeriodEnd),
    PublisherName: of.partnerName,
    ServiceCategory: 'Management and Governance',
    ServiceName: row.ServiceName,
    ServiceSubcategory: 'Other (Management and Governance)',
    Tags: JSON.stringify(row.Tags),
    x_RowId: row.rowId,
  };
}

/** The partner's row beside it: which version of which rule added it. */
function waterfallRow(row: AddedRow, costs: FourCosts): TextRow {
  const { id, version, rule } = row.stored;
  return {
    x_RowId: row.rowId,
    BillingCurrency: row.currency,
    ServiceName: row.ServiceName,
    ChargeCategory: row.ChargeCategory,
    ChargePeriodStart: timestamp(row.ChargePeriodStart),
    x_Stage: 'addition',
    x_BillingRuleId: id,
    x_BillingRuleVersion: String(version),
    x_BillingRuleName: rule.name,
    x_BillingRuleType: rule.type,
    x_Applied: 'true',
    ...deltasOf(costs),
  };
}
