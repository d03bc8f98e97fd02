import { BillingPeriod } from '../../domain/billing-period.ts';
import { Problem } from '../../domain/problem.ts';
import type { Database } from '../../ports/database.ts';
import type { DeliveredColumn } from '../../sources/delivered-bill.ts';
import { checkColumns, SOURCE_ROW } from '../../sources/focus/check-columns.ts';
import { focusRow } from '../../sources/focus/focus-row.ts';
import { type ValueCheck, valueChecks } from '../../sources/focus/value-checks.ts';
import { literal } from '../../sql/literal.ts';
import { unreadable } from './engine-reason.ts';
import type { FileDescription } from './file-description.ts';

/** A Parquet file on the worker's disk: delivered so, or made of text (then it carries the number of each row). */
export interface LocalParquet {
  /** The delivered key, for messages. */
  readonly name: string;
  readonly path: string;
  readonly ofText: boolean;
}

/** Characters of a bad value that a problem shows. */
const VALUE_LENGTH_MAX = 200;

/** The columns of a delivered Parquet file. Throws Problem `file_unreadable` for what is no Parquet, or cut off. */
export async function columnsOf(
  database: Database,
  { name, path }: Pick<LocalParquet, 'name' | 'path'>,
): Promise<readonly DeliveredColumn[]> {
  const described = await orUnreadable(name, () => database.rows(`DESCRIBE SELECT * FROM ${parquet(literal(path))}`));
  return described.map((column) => ({ name: column.column_name ?? '', type: column.column_type ?? '' }));
}

/** What is counted of a file's rows. */
export type CountedRows = Pick<FileDescription, 'periods' | 'currencies' | 'subAccounts'> & { readonly rows: number };

/**
 * Looks at every row of files that have the same columns: refuses a value that is not what its column holds
 * (`value_unreadable`, by file, row and column), and counts what is there, file by file. One statement looks at all of them,
 * since planning it takes longer than reading thousands of small files; where anything is wrong, each is looked at by
 * itself, and the first that is at fault is named.
 */
export async function describeFiles(
  database: Database,
  files: readonly LocalParquet[],
  columns: readonly DeliveredColumn[],
): Promise<readonly CountedRows[]> {
  const [first, ...others] = files;
  if (first === undefined) return [];
  checkColumns(first.name, columns);
  if (others.length > 0) {
    const together = await describeTogether(database, files, columns).catch(() => undefined);
    if (together !== undefined) return together;
  }
  const described: CountedRows[] = [];
  for (const file of files)
    described.push(...(await orUnreadable(file.name, () => describeTogether(database, [file], columns))));
  return described;
}

/** Throws the Problem of the first file's name: it is told by whom only where there is one. */
async function describeTogether(
  database: Database,
  files: readonly LocalParquet[],
  columns: readonly DeliveredColumn[],
): Promise<readonly CountedRows[]> {
  const rows = rowsOf(files);
  await checkValues(database, files[0]?.name ?? '', columns, rows);
  const row = focusRow(columns);
  const read = (name: Parameters<typeof row.get>[0]) => `${row.get(name)} AS ${name}`;
  const periods = await database.rows(
    `SELECT path_of_file, substr(CAST(BillingPeriodStart AS VARCHAR), 1, 7) AS period, count(*) AS row_count, min(row_of_file) AS first_row
     FROM (SELECT ${read('BillingPeriodStart')}, row_of_file, path_of_file FROM ${rows}) GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const currencies = await database.rows(
    `SELECT DISTINCT path_of_file, BillingCurrency FROM (SELECT ${read('BillingCurrency')}, path_of_file FROM ${rows}) ORDER BY 1, 2`,
  );
  const subAccounts = await database.rows(
    `SELECT path_of_file, SubAccountId, ProviderName, max(SubAccountName) AS SubAccountName
     FROM (SELECT ${read('SubAccountId')}, ${read('SubAccountName')}, ${read('ProviderName')}, path_of_file FROM ${rows})
     WHERE SubAccountId IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  const byFile = [periods, currencies, subAccounts].map((found) => Map.groupBy(found, (one) => one.path_of_file));
  return files.map(({ path }) => {
    const [ofPeriods = [], ofCurrencies = [], ofSubAccounts = []] = byFile.map((found) => found.get(path));
    return countedRows(ofPeriods, ofCurrencies, ofSubAccounts);
  });
}

type TextRows = Awaited<ReturnType<Database['rows']>>;

function countedRows(grouped: TextRows, currencies: TextRows, subAccounts: TextRows): CountedRows {
  const periods = grouped.map((group) => ({
    period: BillingPeriod.parse(group.period),
    rows: Number(group.row_count),
    firstRow: Number(group.first_row),
  }));
  return {
    rows: periods.reduce((sum, period) => sum + period.rows, 0),
    periods,
    currencies: currencies.flatMap((found) => found.BillingCurrency ?? []),
    subAccounts: subAccounts.map((found) => ({
      id: found.SubAccountId ?? '',
      name: found.SubAccountName ?? null,
      provider: found.ProviderName ?? null,
    })),
  };
}

/** The files' rows with the number of each in its file, and the file's path. */
function rowsOf(files: readonly LocalParquet[]): string {
  const [first, ...others] = files;
  if (first === undefined) throw new Error('there is no file');
  const number = `${first.ofText ? SOURCE_ROW : 'file_row_number + 1'} AS row_of_file`;
  const options = first.ofText ? '' : ', file_row_number = true';
  if (others.length === 0)
    return `(SELECT *, ${number}, ${literal(first.path)} AS path_of_file FROM ${parquet(literal(first.path), options)})`;
  const paths = `[${files.map(({ path }) => literal(path)).join(', ')}]`;
  return `(SELECT *, ${number} FROM ${parquet(paths, `${options}, filename = 'path_of_file'`)})`;
}

async function checkValues(
  database: Database,
  file: string,
  columns: readonly DeliveredColumn[],
  rows: string,
): Promise<void> {
  const checks = await checksToMake(database, valueChecks(columns), rows);
  const firsts = checks.map((check, index) => `min(CASE WHEN ${check.bad} THEN row_of_file END) AS bad_${index}`);
  const [found = {}] = await database.rows(`SELECT ${firsts.join(', ')} FROM ${rows}`);
  const failed = checks.flatMap((check, index) => {
    const row = found[`bad_${index}`] ?? null;
    return row === null ? [] : [{ ...check, row: Number(row) }];
  });
  const [first] = failed.sort((one, other) => one.row - other.row);
  if (first === undefined) return;
  const { column, row, expected } = first;
  const [cell = {}] = await database.rows(
    `SELECT CAST("${column}" AS VARCHAR) AS cell FROM ${rows} WHERE row_of_file = ${row}`,
  );
  const value = (cell.cell ?? '').slice(0, VALUE_LENGTH_MAX);
  throw new Problem('value_unreadable', { file, row, column, value, expected });
}

/** Leaves out what no row calls for (`ValueCheck.suspect`). */
async function checksToMake(
  database: Database,
  checks: readonly ValueCheck[],
  rows: string,
): Promise<readonly ValueCheck[]> {
  const suspects = [...new Set(checks.flatMap(({ suspect }) => suspect ?? []))];
  const counts = suspects.map((suspect, index) => `count_if(${suspect}) AS suspect_${index}`);
  const [found = {}] = await database.rows(`SELECT ${['1', ...counts].join(', ')} FROM ${rows}`);
  const seen = new Set(suspects.filter((_, index) => found[`suspect_${index}`] !== '0'));
  return checks.filter(({ suspect }) => suspect === undefined || seen.has(suspect));
}

async function orUnreadable<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unreadable(file, error);
  }
}

function parquet(paths: string, options = ''): string {
  return `read_parquet(${paths}, binary_as_string = true${options})`;
}
