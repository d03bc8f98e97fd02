import type { BillingPeriod } from '../../domain/billing-period.ts';
import { boundsOf } from '../../domain/billing-period.ts';
import { CUSTOMER_CHARGES_COLUMNS, WATERFALL_COLUMNS } from '../../focus/result-columns.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { type Sql, sql } from '../../sql/sql.ts';

/** One row of a result file as text by column; a column that is not there is null. */
type TextRow = Readonly<Record<string, string | null>>;

/** The customer's row: an MSP fee as `normalisation.md` §3.7 has it; category and sub category are its tags. */
export function chargesRow(
  row: AddedRow,
  { period, partnerName }: { period: BillingPeriod; partnerName: string },
): TextRow {
  const { name } = row.stored.rule;
  const { start, end } = boundsOf(period);
  return {
    ...Object.fromEntries(
      ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'].map((cost) => [cost, row.amount]),
    ),
    BillingAccountId: row.customer.id,
    BillingAccountName: row.customer.name,
    BillingAccountType: 'Customer Tenant',
    BillingCurrency: row.currency,
    BillingPeriodStart: timestamp(start),
    BillingPeriodEnd: timestamp(end),
    ChargeCategory: row.ChargeCategory,
    ChargeDescription: name,
    ChargeFrequency: row.ChargeFrequency,
    ChargePeriodStart: timestamp(row.ChargePeriodStart),
    ChargePeriodEnd: timestamp(row.ChargePeriodEnd),
    InvoiceIssuerName: partnerName,
    /** FOCUS 1.2 wants both on every row; a charge is priced in the currency it is billed in. */
    PricingCurrency: row.currency,
    PricingCurrencyEffectiveCost: row.amount,
    ProviderName: partnerName,
    PublisherName: partnerName,
    ServiceCategory: 'Management and Governance',
    ServiceName: row.ServiceName,
    ServiceSubcategory: 'Other (Management and Governance)',
    Tags: JSON.stringify(row.Tags),
    x_RowId: row.rowId,
  };
}

/** The partner's row beside it: which version of which rule added it. */
export function waterfallRow(row: AddedRow): TextRow {
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
    x_BilledCostDelta: row.amount,
    x_EffectiveCostDelta: row.amount,
    x_ListCostDelta: row.amount,
    x_ContractedCostDelta: row.amount,
  };
}

/** The columns of both files by table, with their SQL types. */
export const ADDED_COLUMNS = {
  customer_charges: sqlTypes(CUSTOMER_CHARGES_COLUMNS),
  waterfall: sqlTypes(WATERFALL_COLUMNS),
} as const;

/** A row's values in the order of its table's columns, for VALUES. */
export function valuesOf(columns: Readonly<Record<string, string>>, row: TextRow): Sql {
  return sql`(${Object.keys(columns).map((name) => nullable(row[name] ?? null))})`;
}

function sqlTypes(hive: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(hive).map(([name, type]) => [name, type === 'string' ? 'VARCHAR' : type.toUpperCase()]),
  );
}

function nullable(value: string | null): Sql {
  return value === null ? sql`NULL` : sql`${value}`;
}

/** `yyyy-mm-ddThh:mm:ss.sssZ` as a TIMESTAMP without zone reads it. */
function timestamp(instant: string): string {
  return instant.replace('T', ' ').replace('Z', '');
}
