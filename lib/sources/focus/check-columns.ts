import { Problem } from '../../domain/problem.ts';
import { REQUIRED_COLUMNS } from '../../focus/columns.ts';
import type { DeliveredColumn } from '../delivered-bill.ts';
import { findColumn } from '../find-column.ts';
import { COLUMNS_MAX } from '../limits.ts';

/** Our own columns of a text file made Parquet: which file a row came from, and its number among the data records. */
export const SOURCE_FILE = 'x_SourceFile';
export const SOURCE_ROW = 'x_SourceRow';

/**
 * Throws a Problem unless the columns are those of a FOCUS file that can be split and priced: `unknown_format` when next
 * to nothing of FOCUS is there, `required_column_missing` by name, `file_unreadable` when a name stands twice (names are
 * matched without regard to case, so two spellings of one name are twice the name), `too_many_columns`.
 */
export function checkColumns(file: string, columns: readonly DeliveredColumn[]): void {
  if (columns.length > COLUMNS_MAX)
    throw new Problem('too_many_columns', { file, columns: columns.length, most: COLUMNS_MAX });
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase()))
      throw new Problem('file_unreadable', { file, reason: `the column ${name} is there twice` });
    seen.add(name.toLowerCase());
  }
  const missing = REQUIRED_COLUMNS.filter((name) => findColumn(columns, name) === undefined);
  const [first] = missing;
  if (first === undefined) return;
  if (REQUIRED_COLUMNS.length - missing.length <= 1) {
    const some = columns.slice(0, 5).map(({ name }) => name.slice(0, 100));
    throw new Problem('unknown_format', { file, reason: `its columns are not FOCUS: ${some.join(', ')}` });
  }
  throw new Problem('required_column_missing', { file, column: first });
}
