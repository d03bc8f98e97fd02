import { FOCUS_COLUMNS, type FocusColumn } from '../focus/columns.ts';
import { castOf } from './cast.ts';
import { randomOf } from './random.ts';
import {
  commitmentPurchase,
  commitmentUnused,
  committedUsage,
  credit,
  type RowContext,
  type SampleRow,
  tax,
  usage,
} from './sample-row.ts';

/** Columns of the sample's file, all of FOCUS 1.2. */
const COLUMNS = Object.keys(FOCUS_COLUMNS) as readonly FocusColumn[];

/** What a sample is made of: the same options make the same bytes, on every machine. */
export interface SampleOptions {
  readonly rows: number;
  readonly seed: number;
  /** `yyyy-mm` */
  readonly period: string;
}

/**
 * Rows of a made-up FOCUS 1.2 bill of three providers: usage, refunds, commitments (bought by the partner, used by
 * customers, partly unused), credits and tax, for twelve customers, one account of nobody and the partner's own.
 */
export function* sampleRows({ rows, seed, period }: SampleOptions): Generator<SampleRow> {
  const random = randomOf(seed);
  const { subAccounts, partnerSubAccount } = castOf(period);
  const days = new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5, 7)), 0)).getUTCDate();
  for (let index = 0; index < rows; index++) {
    const kind = random.integer(0, 99);
    const subAccount = kind >= 96 && kind < 98 ? partnerSubAccount : random.pick(subAccounts);
    yield rowOf(kind, { random, period, days, subAccount, index });
  }
}

/** The bill as CSV text, in chunks: a header line, then one line per row (RFC 4180, LF). */
export function* sampleCsv(options: SampleOptions): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const row of sampleRows(options)) yield `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\n`;
}

function rowOf(kind: number, context: RowContext): SampleRow {
  if (kind < 78) return usage(context);
  if (kind < 92) return committedUsage(context);
  if (kind < 95) return credit(context);
  if (kind < 96) return tax(context);
  if (kind < 97) return commitmentPurchase(context);
  if (kind < 98) return commitmentUnused(context);
  return usage(context);
}

function csvCell(value: string | undefined): string {
  if (value === undefined) return '';
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
