import { type BillingPeriod, boundsOf } from '../domain/billing-period.ts';
import { COST_COLUMNS } from '../focus/columns.ts';
import type { DeliveredBill, DeliveredColumn } from './delivered-bill.ts';
import { columnReference, findColumn } from './find-column.ts';
import { contentSum, measuredContent } from './measured-content.ts';

/**
 * The control totals of a delivery's period: what Reconcile holds the result against. Deliberately written apart from
 * `splitSelect`: it reads the delivered columns themselves and shares no expression, view or normalised column with it.
 *
 * Each cost is added up in digits: as rounded to 12 decimals, and what lies beyond the 12th, the 22nd and the 36th
 * decimal (the last in units of 10^-36). DECIMAL ends at 38 digits, so no one type holds both 10^15 and 10^-30; apart,
 * every digit that ConvertFiles lets pass is added exactly (`value-checks.ts`). What rows say beside their costs is added up
 * as fingerprints (`measured-content.ts`). All values leave as text: transport knows no 38 digits.
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
  const costs = COST_COLUMNS.map((cost) => cost.toLowerCase());
  const select = (expression: (cost: string) => string) => costs.map(expression).join(',\n');
  return [
    'SELECT currency, sub_account, provider, service_provider, CAST(count(*) AS VARCHAR) AS row_count,',
    `${select(totals)},`,
    `  ${contentSum('content')} AS content`,
    'FROM (',
    '  SELECT currency, sub_account, provider, service_provider, content,',
    select((cost) => `    ${cost}, ${written(cost)} AS ${cost}_plain`),
    '  FROM (',
    '    SELECT currency, sub_account, provider, service_provider, content,',
    select((cost) => `      ${cost}, ${digits(cost)} AS ${cost}_digits, ${point(cost)} AS ${cost}_point`),
    '    FROM (',
    `      SELECT ${text('BillingCurrency')} AS currency, ${text('SubAccountId')} AS sub_account,`,
    `        ${text('ProviderName')} AS provider, ${text('ServiceProviderName')} AS service_provider,`,
    `        ${measuredContent(bill.columns)} AS content,`,
    select((cost) => `        ${amount(text(cost))} AS ${cost}`),
    `      FROM ${tableName}`,
    `      WHERE ${inPeriod(findColumn(bill.columns, 'BillingPeriodStart'), period)}`,
    '    ) raw',
    '  ) cut',
    ') plain',
    'GROUP BY currency, sub_account, provider, service_provider',
  ].join('\n');
}

function asText(column: DeliveredColumn | undefined): string {
  return `CAST(${column === undefined ? 'NULL' : columnReference(column)} AS VARCHAR)`;
}

function amount(text: string): string {
  return `CASE WHEN ${text} IN ('', 'NULL') THEN NULL ELSE lower(${text}) END`;
}

/** The digits of an amount without sign, point and exponent. */
function digits(cost: string): string {
  return `replace(replace(replace(split_part(${cost}, 'e', 1), '.', ''), '-', ''), '+', '')`;
}

/** How many of its digits stand before the point; below zero, how many zeros stand between. */
function point(cost: string): string {
  const whole = `length(replace(replace(split_part(split_part(${cost}, 'e', 1), '.', 1), '-', ''), '+', ''))`;
  const exponent = `CASE WHEN strpos(${cost}, 'e') > 0 THEN CAST(split_part(${cost}, 'e', 2) AS INTEGER) ELSE 0 END`;
  return `CAST(${whole} + ${exponent} AS INTEGER)`;
}

/** The amount without an exponent: DuckDB rounds a text wrongly that has one and more digits than the type. */
function written(cost: string): string {
  const [all, at] = [`${cost}_digits`, `${cost}_point`];
  const sign = `CASE WHEN substr(${cost}, 1, 1) = '-' THEN '-' ELSE '' END`;
  return [
    `${sign} || CASE WHEN ${at} <= 0 THEN '0.' || lpad(${all}, CAST(length(${all}) - ${at} AS INTEGER), '0')`,
    `WHEN ${at} >= length(${all}) THEN rpad(${all}, ${at}, '0')`,
    `ELSE substr(${all}, 1, ${at}) || '.' || substr(${all}, ${at} + 1) END`,
  ].join(' ');
}

/** A plain text of at most 13 characters has no 13th decimal, so most amounts stop at the first sum. */
function totals(cost: string): string {
  const plain = `${cost}_plain`;
  const to12 = `CAST(${plain} AS DECIMAL(28,12))`;
  const to22 = `CAST(${plain} AS DECIMAL(38,22))`;
  const dot = `strpos(${plain}, '.')`;
  const cutAt36 = `CAST(substr(${plain}, 1, ${dot} + 36) AS DECIMAL(38,36))`;
  const rest = `CAST(CASE WHEN ${cost} LIKE '-%' THEN '-0.' ELSE '0.' END || substr(${plain}, ${dot} + 37, 36) AS DECIMAL(38,36))`;
  const beyond12 = `CASE WHEN length(${plain}) > 13 THEN ${to22} - CAST(${to12} AS DECIMAL(38,22)) END`;
  const beyond22 = `CASE WHEN length(${plain}) > 23 AND ${dot} > 0 AND abs(${to12}) < 10 THEN ${cutAt36} - CAST(${to22} AS DECIMAL(38,36)) END`;
  const beyond36 = `CASE WHEN length(${plain}) > 37 AND ${dot} > 0 AND ${to12} = 0 THEN ${rest} END`;
  return [
    `  CAST(sum(${to12}) AS VARCHAR) AS ${cost}_rounded`,
    `  CAST(sum(${beyond12}) AS VARCHAR) AS ${cost}_beyond12`,
    `  CAST(sum(${beyond22}) AS VARCHAR) AS ${cost}_beyond22`,
    `  CAST(sum(${beyond36}) AS VARCHAR) AS ${cost}_beyond36`,
    `  CAST(count(*) - count(${cost}) AS VARCHAR) AS ${cost}_nulls`,
  ].join(',\n');
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
