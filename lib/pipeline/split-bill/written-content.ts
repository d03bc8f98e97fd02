import { CONTENT_COLUMNS } from '../../sources/content-columns.ts';

/**
 * Σ of the fingerprints of rows of the cost ledger `r`, in DuckDB's words: what MeasureBill says of the delivered rows
 * (`lib/sources/measured-content.ts` has the form).
 */
export function writtenContentSum(): string {
  const text = (name: string) => `COALESCE(r."${name}", '')`;
  const minute = `COALESCE(strftime(r.ChargePeriodStart, '%Y-%m-%d %H:%M'), '')`;
  const parts = [...CONTENT_COLUMNS.map(text), minute];
  return `sum(CAST(CAST('0x' || substr(md5(concat_ws('|', ${parts.join(', ')})), 1, 15) AS BIGINT) AS DECIMAL(38,0)))`;
}
