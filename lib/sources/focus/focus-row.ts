import { FOCUS_COLUMNS, type FocusColumn } from '../../focus/columns.ts';
import { FILTER_COLUMNS, type FilterColumn } from '../../focus/filter-columns.ts';
import type { DeliveredColumn } from '../delivered-bill.ts';
import { findColumn } from '../find-column.ts';
import { cloudProvider } from './cloud-provider.ts';
import { READING_OF, readValue } from './read-value.ts';

/** A column of the normalised row: FOCUS 1.2, and what rule filters read. */
export type NormalisedColumn = FocusColumn | FilterColumn;

/**
 * FOCUS 1.3 replaces two columns of 1.2 and keeps them as deprecated; a file without them, or with nulls in them, is read
 * by their successors (FOCUS 1.3, Participating Entity Identification).
 */
const SUCCESSORS: Readonly<Partial<Record<FocusColumn, string>>> = {
  ProviderName: 'ServiceProviderName',
  PublisherName: 'HostProviderName',
};

/** Filter columns with the values "true" and "false"; exports also write them in capitals. */
const YES_OR_NO: ReadonlySet<FilterColumn> = new Set(['x_IsMarketplace', 'x_IsSupport', 'x_IsDataTransfer']);

/**
 * The normalised row of a delivery in FOCUS 1.0, 1.2 or 1.3: for each of our columns the expression over the delivered
 * columns. Extra delivered columns are left out, optional ones that are missing are null.
 */
export function focusRow(columns: readonly DeliveredColumn[]): ReadonlyMap<NormalisedColumn, string> {
  const row = new Map<NormalisedColumn, string>();
  for (const [name, type] of typedEntries(FOCUS_COLUMNS)) {
    const successor = SUCCESSORS[name];
    const delivered = [name, ...(successor === undefined ? [] : [successor])].flatMap(
      (known) => findColumn(columns, known) ?? [],
    );
    row.set(
      name,
      firstPresent(delivered.map((column) => readValue(column, READING_OF[type]))) ??
        readValue(undefined, READING_OF[type]),
    );
  }
  const providerName = row.get('ProviderName') ?? readValue(undefined, 'text');
  for (const name of FILTER_COLUMNS) {
    const text = readValue(findColumn(columns, name), 'text');
    row.set(
      name,
      name === 'x_CloudProvider' ? cloudProvider(providerName) : YES_OR_NO.has(name) ? `lower(${text})` : text,
    );
  }
  return row;
}

/** Delivered columns that the row is made of: the only ones that Athena has to know. */
export function usedColumns(columns: readonly DeliveredColumn[]): readonly DeliveredColumn[] {
  const known = [...Object.keys(FOCUS_COLUMNS), ...Object.values(SUCCESSORS), ...FILTER_COLUMNS];
  return known.flatMap((name) => (name === 'x_CloudProvider' ? [] : (findColumn(columns, name) ?? [])));
}

/** How each used delivered column is read, by its name in lower case. */
export function readingOf(column: DeliveredColumn): (typeof READING_OF)[keyof typeof READING_OF] {
  const wanted = column.name.toLowerCase();
  const focus = typedEntries(FOCUS_COLUMNS).find(([name]) => name.toLowerCase() === wanted);
  return focus === undefined ? 'text' : READING_OF[focus[1]];
}

function firstPresent(expressions: readonly string[]): string | undefined {
  return expressions.length > 1 ? `COALESCE(${expressions.join(', ')})` : expressions[0];
}

function typedEntries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
