import { COST_COLUMNS, type FOCUS_COLUMNS } from '../../focus/columns.ts';
import type { DeliveredColumn } from '../delivered-bill.ts';
import { columnReference, findColumn } from '../find-column.ts';
import { CELL_CHARACTERS_MAX } from '../limits.ts';
import { readingOf, usedColumns } from './focus-row.ts';
import { EXPONENT_MAX, plainNumber } from './number-text.ts';
import { isText, readValue } from './read-value.ts';
import { CURRENCY_FORM, HOUR_OFFSET_FORM, NUMBER_FORM, OFFSET_FORM, ROUNDED_ID_FORM, UTC_FORM } from './value-forms.ts';

/** One thing that can be wrong with the values of a delivered column. */
export interface ValueCheck {
  /** As delivered. */
  readonly column: string;
  /** What the column should hold, in words. */
  readonly expected: string;
  /** True for a row whose value is bad; DuckDB only (it runs in the worker, never in Athena). */
  readonly bad: string;
  /**
   * A short expression that is true of every row that `bad` is true of. Where no row is suspect the check is not made: it
   * takes DuckDB longer to plan than thousands of small files take to read.
   */
  readonly suspect?: string;
}

/** Columns that every row must fill: without them a row has no period, no owner or no currency. */
const FILLED = ['BillingPeriodStart', 'ChargePeriodStart', 'BillingCurrency'];

/** Ids made of digits, which programs take for numbers. */
const ID_COLUMNS = ['SubAccountId', 'BillingAccountId', 'InvoiceId'] as const;

const PERIODS = [
  ['BillingPeriodStart', 'BillingPeriodEnd'],
  ['ChargePeriodStart', 'ChargePeriodEnd'],
] as const;

/** Nearly every number of a bill: what matches needs no closer look. */
const PLAIN_NUMBER = '\\A-?[0-9]{1,15}([.][0-9]*)?\\z';
/** A plain number of this many characters has at most 22 decimals, or is below 10 and has fewer than 36. */
const SHORT_LENGTH = 24;

/**
 * What must hold of every row of a file before it may become part of a bill. It is told by file, row and column here,
 * because later no engine could: Athena knows no row numbers, and a cast that fails names no cell.
 */
export function valueChecks(columns: readonly DeliveredColumn[]): readonly ValueCheck[] {
  const checks = usedColumns(columns).flatMap((column): ValueCheck[] => {
    const reading = readingOf(column);
    const check = (expected: string, bad: string): ValueCheck => ({ column: column.name, expected, bad });
    if (reading === 'number') return numberChecks(column, check);
    if (reading === 'time') {
      const [format, range] = [check('a time in ISO 8601', unreadableTime(column)), outOfRange(column)];
      return [format, check('a time from 1900 to 2099', range)];
    }
    return textChecks(column, check);
  });
  const filled = FILLED.flatMap((name): ValueCheck[] => {
    const column = findColumn(columns, name);
    if (column === undefined) return [];
    return [{ column: column.name, expected: 'a value in every row', bad: `${value(column)} IS NULL` }];
  });
  return [...checks, ...filled, ...endChecks(columns)];
}

/** What spreadsheets and data frames make of ids cannot be undone: the rows would be nobody's, or another account's. */
function textChecks(column: DeliveredColumn, check: (expected: string, bad: string) => ValueCheck): ValueCheck[] {
  const text = isText(column.type) ? columnReference(column) : `CAST(${columnReference(column)} AS VARCHAR)`;
  const damaged = isText(column.type)
    ? [check(`text of at most ${CELL_CHARACTERS_MAX} characters, without U+0000`, unfitText(text))]
    : [];
  if (isNamed(column, 'Tags')) return [...damaged, check('a JSON object', notAnObject(column))];
  if (isNamed(column, 'BillingCurrency'))
    return [
      ...damaged,
      check('a currency as three capital letters (ISO 4217)', notAForm(value(column), CURRENCY_FORM)),
    ];
  if (!ID_COLUMNS.some((id) => isNamed(column, id))) return damaged;
  const rounded = `regexp_like(${text}, '${ROUNDED_ID_FORM}')`;
  return [
    ...damaged,
    check('an id as the provider wrote it: a spreadsheet or a data frame has made it a number', rounded),
  ];
}

function unfitText(text: string): string {
  return `length(${text}) > ${CELL_CHARACTERS_MAX} OR strpos(${text}, chr(0)) > 0`;
}

/** A period of no length is a moment, and legal; one that ends before it starts is a row that was put together wrongly. */
function endChecks(columns: readonly DeliveredColumn[]): ValueCheck[] {
  return PERIODS.flatMap(([startName, endName]) => {
    const [start, end] = [findColumn(columns, startName), findColumn(columns, endName)];
    if (start === undefined || end === undefined) return [];
    return [{ column: end.name, expected: `no time before ${start.name}`, bad: `${tried(end)} < ${tried(start)}` }];
  });
}

function numberChecks(column: DeliveredColumn, check: (expected: string, bad: string) => ValueCheck): ValueCheck[] {
  const text = isText(column.type) ? value(column) : `CAST(${columnReference(column)} AS VARCHAR)`;
  const plain = `regexp_like(${text}, '${PLAIN_NUMBER}')`;
  const form = `NOT regexp_like(${text}, '${NUMBER_FORM}')`;
  const far = `abs(${exponentOf(text)}) > ${EXPONENT_MAX}`;
  const number = check(
    'a number of at most 16 digits before the point',
    `${text} IS NOT NULL AND CASE WHEN ${plain} THEN false WHEN ${form} OR ${far} THEN true ELSE ${rounded(text)} IS NULL END`,
  );
  const suspect = `${text} IS NOT NULL AND NOT (${plain} AND length(${text}) <= ${SHORT_LENGTH})`;
  if (!COST_COLUMNS.some((cost) => isNamed(column, cost))) return [{ ...number, suspect }];
  const decimals = check('no more decimals than can be added exactly', tooManyDecimals(text));
  return [
    { ...number, suspect },
    { ...decimals, suspect },
  ];
}

/** The digits that `measureStatement` adds exactly: 72 decimals where the amount rounds to 0, 36 below 10, else 22. */
function tooManyDecimals(text: string): string {
  const mantissa = `split_part(lower(${text}), 'e', 1)`;
  const decimals = `length(rtrim(split_part(${mantissa}, '.', 2), '0')) - ${exponentOf(text)}`;
  const most = `CASE WHEN ${rounded(text)} = 0 THEN 72 WHEN abs(${rounded(text)}) < 10 THEN 36 ELSE 22 END`;
  const long = `length(${text}) > ${SHORT_LENGTH} OR strpos(lower(${text}), 'e') > 0`;
  return `CASE WHEN ${long} THEN regexp_like(${mantissa}, '[1-9]') AND ${decimals} > ${most} ELSE false END`;
}

function exponentOf(text: string): string {
  return `COALESCE(TRY_CAST(NULLIF(split_part(lower(${text}), 'e', 2), '') AS INTEGER), 0)`;
}

function rounded(text: string): string {
  return `TRY(${withoutErrors(`CAST(${plainNumber(text)} AS DECIMAL(28,12))`)})`;
}

function unreadableTime(column: DeliveredColumn): string {
  if (!isText(column.type)) return `${columnReference(column)} IS NOT NULL AND ${tried(column)} IS NULL`;
  const text = value(column);
  const forms = [UTC_FORM, OFFSET_FORM, HOUR_OFFSET_FORM].map((form) => `regexp_like(${text}, '${form}')`);
  return `${text} IS NOT NULL AND CASE WHEN ${forms.join(' OR ')} THEN ${tried(column)} IS NULL ELSE true END`;
}

/** The time, or null where it cannot be read. */
function tried(column: DeliveredColumn): string {
  return `TRY(${withoutErrors(readValue(column, 'time'))})`;
}

/** TRY goes back over a whole vector row by row once a cast has failed: a million bad values took it ten seconds. */
function withoutErrors(expression: string): string {
  return expression.replaceAll('CAST(', 'TRY_CAST(');
}

function notAForm(text: string, form: string): string {
  return `${text} IS NOT NULL AND NOT regexp_like(${text}, '${form}')`;
}

/**
 * A billing period is a month `yyyy-mm` of these two centuries (`lib/domain/billing-period.ts`); other times that far off
 * are a format's way to write none, and fall on days that the engines count differently.
 */
function outOfRange(column: DeliveredColumn): string {
  return `year(${tried(column)}) NOT BETWEEN 1900 AND 2099`;
}

function notAnObject(column: DeliveredColumn): string {
  if (!isText(column.type)) return 'false';
  const text = value(column);
  return `${text} IS NOT NULL AND NOT (CASE WHEN json_valid(${text}) THEN json_type(${text}) = 'OBJECT' ELSE false END)`;
}

/** The delivered value with the text formats' ways to write null taken for null. */
function value(column: DeliveredColumn): string {
  return readValue(column, 'text');
}

function isNamed(column: DeliveredColumn, name: keyof typeof FOCUS_COLUMNS): boolean {
  return column.name.toLowerCase() === name.toLowerCase();
}
