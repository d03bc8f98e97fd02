import { CONTENT_COLUMNS } from './content-columns.ts';
import type { DeliveredColumn } from './delivered-bill.ts';
import { columnReference, findColumn } from './find-column.ts';

/*
 * What MeasureBill says of the rows' content: Σ of a fingerprint of each, so that rows change places as they like and none
 * can be lost while another one of the same cost comes twice. A fingerprint is the first 60 bits of the MD5 of
 * `ChargeCategory|…|SkuPriceId|yyyy-mm-dd hh:mm`: null is empty, times are UTC. Costs are no part of it: their own sums hold
 * them, and to print four decimals costs more than all the rest. Reconcile says the same of the written files
 * (`written-content.ts`), and shares no expression.
 */

/** `…|SkuPriceId|yyyy-mm-dd hh:mm` of a delivered row, of the delivered columns themselves. */
export function measuredContent(columns: readonly DeliveredColumn[]): string {
  const texts = CONTENT_COLUMNS.map((name) => textOf(findColumn(columns, name)));
  return [...texts, minuteOf(findColumn(columns, 'ChargePeriodStart'))].join(" || '|' || ");
}

/** Σ of the fingerprints of such texts. */
export function contentSum(content: string): string {
  const fingerprint = `from_base(substr(to_hex(md5(to_utf8(${content}))), 1, 15), 16)`;
  return `CAST(sum(CAST(${fingerprint} AS DECIMAL(38,0))) AS VARCHAR)`;
}

function textOf(column: DeliveredColumn | undefined): string {
  if (column === undefined) return "''";
  const text = `CAST(${columnReference(column)} AS VARCHAR)`;
  return `CASE WHEN ${text} IS NULL OR ${text} = 'NULL' THEN '' ELSE ${text} END`;
}

/** A day alone begins at midnight. A text with an offset is an instant; any other is UTC already, whatever stands behind its minute. */
function minuteOf(column: DeliveredColumn | undefined): string {
  if (column === undefined) return "''";
  const text = `CAST(${columnReference(column)} AS VARCHAR)`;
  const plain = `CASE WHEN length(${text}) = 10 THEN ${text} || ' 00:00' ELSE replace(substr(${text}, 1, 16), 'T', ' ') END`;
  if (column.type !== 'VARCHAR') return `COALESCE(${plain}, '')`;
  const offset = `length(${text}) > 16 AND strpos(substr(${text}, 17), '-') + strpos(substr(${text}, 17), '+') > 0`;
  const whole = `CASE WHEN substr(${text}, length(${text}) - 2, 1) = ':' THEN ${text} ELSE ${text} || ':00' END`;
  const instant = `from_iso8601_timestamp(replace(${whole}, ' ', 'T'))`;
  const utc = `substr(CAST(CAST(${instant} AT TIME ZONE 'UTC' AS timestamp) AS VARCHAR), 1, 16)`;
  return `CASE WHEN ${text} IS NULL THEN '' WHEN ${offset} THEN ${utc} ELSE ${plain} END`;
}
