import { type BillingPeriod, boundsOf } from '../domain/billing-period.ts';
import { COST_COLUMNS } from '../focus/columns.ts';
import type { DeliveredBill, DeliveredColumn } from './delivered-bill.ts';
import { columnReference, findColumn } from './find-column.ts';

/**
 * The control totals of a delivery's period: what Reconcile holds the result against. Deliberately written apart from
 * `splitSelect`: it reads the delivered columns themselves and shares no expression, view or normalised column with it.
 *
 * Each cost is added up in digits: as rounded to 12 decimals, and what lies beyond the 12th, the 22nd and the 36th
 * decimal. DECIMAL ends at 38 digits, so no one type holds both 10^15 and 10^-30; apart, every digit that ConvertFiles
 * lets pass is added exactly (`measuredDecimals`). All values leave as text: transport knows no 38 digits.
 */
export function measureStatement({
  bill,
  tableName,
  period,
}: {
  bill: Pick<DeliveredBill, 'columns'>;
  tableName: string;
  period: BillingPeriod;
}): string {
  const text = (name: string) => asText(findColumn(bill.columns, name));
  return [
    'SELECT currency, sub_account, provider, service_provider, CAST(count(*) AS VARCHAR) AS row_count,',
    COST_COLUMNS.map((cost) => totals(cost.toLowerCase())).join(',\n'),
    'FROM (',
    `  SELECT ${text('BillingCurrency')} AS currency, ${text('SubAccountId')} AS sub_account,`,
    `    ${text('ProviderName')} AS provider, ${text('ServiceProviderName')} AS service_provider,`,
    COST_COLUMNS.map((cost) => `    ${amount(findColumn(bill.columns, cost))} AS ${cost.toLowerCase()}`).join(',\n'),
    `  FROM ${tableName}`,
    `  WHERE ${inPeriod(findColumn(bill.columns, 'BillingPeriodStart'), period)}`,
    ') delivered',
    'GROUP BY currency, sub_account, provider, service_provider',
  ].join('\n');
}

function asText(column: DeliveredColumn | undefined): string {
  return `CAST(${column === undefined ? 'NULL' : columnReference(column)} AS VARCHAR)`;
}

function amount(column: DeliveredColumn | undefined): string {
  const text = asText(column);
  return `CASE WHEN ${text} IN ('', 'NULL') THEN NULL ELSE ${text} END`;
}

/** A text of at most 13 characters without an exponent has no 13th decimal; most amounts stop at the first sum. */
function totals(cost: string): string {
  const exponent = `strpos(lower(${cost}), 'e') > 0`;
  const to12 = `CAST(${cost} AS DECIMAL(28,12))`;
  const to22 = `CAST(${cost} AS DECIMAL(38,22))`;
  const to36 = `CAST(${cost} AS DECIMAL(38,36))`;
  const beyond12 = `CASE WHEN length(${cost}) > 13 OR ${exponent} THEN ${to22} - CAST(${to12} AS DECIMAL(38,22)) END`;
  const beyond22 = `CASE WHEN (length(${cost}) > 23 OR ${exponent}) AND abs(${to12}) < 10 THEN ${to36} - CAST(${to22} AS DECIMAL(38,36)) END`;
  const beyond36 = `CASE WHEN (length(${cost}) > 37 OR ${exponent}) AND ${to12} = 0 THEN ${shifted(cost)} - CAST(CAST(${to36} AS VARCHAR) || 'E24' AS DECIMAL(38,24)) END`;
  return [
    `  CAST(sum(${to12}) AS VARCHAR) AS ${cost}_rounded`,
    `  CAST(sum(${beyond12}) AS VARCHAR) AS ${cost}_beyond12`,
    `  CAST(sum(${beyond22}) AS VARCHAR) AS ${cost}_beyond22`,
    `  CAST(sum(${beyond36}) AS VARCHAR) AS ${cost}_beyond36`,
    `  CAST(count(*) - count(${cost}) AS VARCHAR) AS ${cost}_nulls`,
  ].join(',\n');
}

/** The amount times 10^24, exactly: by moving its exponent, not by a product. */
function shifted(cost: string): string {
  const part = (index: number) => `split_part(lower(${cost}), 'e', ${index})`;
  const text = `CASE WHEN strpos(lower(${cost}), 'e') > 0 THEN ${part(1)} || 'E' || CAST(CAST(${part(2)} AS INTEGER) + 24 AS VARCHAR) ELSE ${cost} || 'E24' END`;
  return `CAST(${text} AS DECIMAL(38,24))`;
}

/** Whether BillingPeriodStart lies in the period, by the first seven characters unless the text has an offset. */
function inPeriod(column: DeliveredColumn | undefined, period: BillingPeriod): string {
  const text = asText(column);
  const month = `substr(${text}, 1, 7) = '${period}'`;
  if (column?.type !== 'VARCHAR') return month;
  const { start, end } = boundsOf(period);
  const zone = `regexp_like(${text}, '[0-9][+-][0-9]{2}(:[0-9]{2})?\\z') AND length(${text}) > 16`;
  const iso = `replace(CASE WHEN substr(${text}, length(${text}) - 2, 1) = ':' THEN ${text} ELSE ${text} || ':00' END, ' ', 'T')`;
  const moment = `from_iso8601_timestamp(${iso})`;
  return `CASE WHEN ${zone} THEN ${moment} >= from_iso8601_timestamp('${start}') AND ${moment} < from_iso8601_timestamp('${end}') ELSE ${month} END`;
}
