import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import { TABLES } from '../../names/tables.ts';
import { join, Sql, sql } from '../../sql/sql.ts';

/** What a line of the answer stands for. */
export type CostsGrouping = 'service' | 'sub_account' | 'day';

const KEYS: { readonly [Grouping in CostsGrouping]: { key: Sql; name: Sql } } = {
  service: { key: sql`ServiceName`, name: sql`max(ServiceName)` },
  sub_account: { key: sql`SubAccountId`, name: sql`max(SubAccountName)` },
  day: { key: sql`substr(CAST(ChargePeriodStart AS VARCHAR), 1, 10)`, name: sql`CAST(NULL AS VARCHAR)` },
};

/** SELECT of a customer's published rows of a period, grouped; amounts as text, to the last digit. */
export function costsStatement(customerId: CustomerId, period: BillingPeriod, groupBy: CostsGrouping): string {
  const { key, name } = KEYS[groupBy];
  const sums = COST_COLUMNS.map((column) => new Sql(`CAST(sum(${column}) AS VARCHAR) AS ${column}`));
  return sql`SELECT ${key} AS group_key, ${name} AS group_name, BillingCurrency, CAST(count(*) AS VARCHAR) AS row_count, ${join(sums)} FROM ${new Sql(TABLES.customerCharges)} WHERE customer = ${customerId} AND period = ${period} GROUP BY ${key}, BillingCurrency ORDER BY 3, 1`
    .text;
}
