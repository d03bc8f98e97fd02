import { createHash } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';
import type { DeliveredBill, DeliveredColumn, SeenSubAccount } from '../../sources/delivered-bill.ts';
import { usedColumns } from '../../sources/focus/focus-row.ts';
import { PERIODS_MAX, SUB_ACCOUNTS_MAX } from '../../sources/limits.ts';
import type { FileDescription } from './file-description.ts';
import type { FrozenList } from './frozen-list.ts';

/**
 * One bill of what the workers found in its files. Throws a Problem where the files do not make one: `columns_differ`,
 * rows of a period that the delivery's path does not name (`value_unreadable`), no rows at all (`file_unreadable`).
 */
export function mergeDescriptions(
  list: FrozenList,
  described: readonly FileDescription[],
  createdAt: string,
): DeliveredBill {
  const files = [...described].sort((one, other) => one.file - other.file);
  const [first, ...rest] = files;
  if (first === undefined || files.length !== list.files.length) {
    throw new Error(`${files.length} of ${list.files.length} files of ${list.deliveryId} were described`);
  }
  for (const file of rest) checkSameColumns(first, file);
  return {
    deliveryId: list.deliveryId,
    integrationId: list.integrationId,
    format: list.format,
    key: list.key,
    bare: list.bare,
    deliverySeq: list.deliverySeq,
    columns: first.columns,
    files: files.map(({ delivered }) => delivered),
    periods: periodsOf(list, files),
    currencies: [...new Set(files.flatMap(({ currencies }) => currencies))].sort(),
    subAccounts: mergeSubAccounts(list.key, files),
    contentHash: sha256(
      files
        .map((file) => file.sha256)
        .sort()
        .join('\n'),
    ),
    createdAt,
  };
}

/** Columns that nothing reads may differ; Athena knows one type for each of the others. */
function checkSameColumns(one: FileDescription, other: FileDescription): void {
  const types = (columns: readonly DeliveredColumn[]) =>
    new Map(usedColumns(columns).map(({ name, type }) => [name.toLowerCase(), { name, type }]));
  const [ones, others] = [types(one.columns), types(other.columns)];
  for (const [key, { name }] of [...ones, ...others]) {
    if (ones.get(key)?.type === others.get(key)?.type) continue;
    throw new Problem('columns_differ', {
      file: other.delivered.sourceKey,
      otherFile: one.delivered.sourceKey,
      column: name,
    });
  }
}

function periodsOf(list: FrozenList, files: readonly FileDescription[]): DeliveredBill['periods'] {
  if (list.period !== null) for (const file of files) checkPeriod(file, list.period);
  const rows = new Map<DeliveredBill['periods'][number]['period'], number>(
    list.period === null ? [] : [[list.period, 0]],
  );
  for (const found of files.flatMap(({ periods }) => periods))
    rows.set(found.period, (rows.get(found.period) ?? 0) + found.rows);
  if (rows.size === 0)
    throw new Problem('file_unreadable', { file: list.key, reason: 'it has no rows, so its period cannot be told' });
  if (rows.size > PERIODS_MAX)
    throw new Problem('file_unreadable', {
      file: list.key,
      reason: `its BillingPeriodStart names ${rows.size} months, more than ${PERIODS_MAX}`,
    });
  return [...rows].map(([period, count]) => ({ period, rows: count })).sort((a, b) => (a.period < b.period ? -1 : 1));
}

function checkPeriod({ periods, delivered, columns }: FileDescription, period: string): void {
  const stray = periods.find((found) => found.period !== period);
  if (stray === undefined) return;
  const column = columns.find(({ name }) => name.toLowerCase() === 'billingperiodstart')?.name ?? 'BillingPeriodStart';
  throw new Problem('value_unreadable', {
    file: delivered.sourceKey,
    row: stray.firstRow,
    column,
    value: stray.period,
    expected: `a time in ${period}, the period in the file's path`,
  });
}

function mergeSubAccounts(announcing: string, files: readonly FileDescription[]): SeenSubAccount[] {
  const merged = new Map<string, SeenSubAccount>();
  for (const subAccount of files.flatMap(({ subAccounts }) => subAccounts)) {
    const key = JSON.stringify([subAccount.provider, subAccount.id]);
    merged.set(key, { ...subAccount, name: subAccount.name ?? merged.get(key)?.name ?? null });
  }
  if (merged.size > SUB_ACCOUNTS_MAX)
    throw new Problem('too_many_sub_accounts', { file: announcing, subAccounts: merged.size, most: SUB_ACCOUNTS_MAX });
  return [...merged.values()];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
