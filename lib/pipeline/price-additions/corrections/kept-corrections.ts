import type { AdditionsPointer } from '../../../domain/additions-pointer.ts';
import { TABLES } from '../../../names/tables.ts';
import type { Database } from '../../../ports/database.ts';
import type { ObjectStore } from '../../../ports/object-store.ts';
import { sql } from '../../../sql/sql.ts';
import type { AdditionRow } from '../addition-row.ts';
import { fetchResultFiles } from '../fetch-result-files.ts';
import { additionsKey } from '../list-additions.ts';
import { readCorrection } from './correction-row.ts';

/** The corrections that a month was closed with, as its last pricing wrote them: they are not made anew. */
export async function keptCorrections(
  lake: ObjectStore,
  before: AdditionsPointer,
  { database, folder }: { database: Database; folder: string },
): Promise<readonly AdditionRow[]> {
  if (before.owners.length === 0) return [];
  const table = TABLES.customerCharges;
  const lists = before.owners.map((owner) => ({ table, owner, keys: [additionsKey(table, owner, before)] }));
  const paths = (await fetchResultFiles(lake, lists, { table, folder })).map(({ path }) => sql`${path}`);
  const rows = await database.rows(
    sql`SELECT * FROM read_parquet([${paths}]) WHERE "ChargeClass" = 'Correction' ORDER BY "x_RowId"`.text,
  );
  return rows.map(readCorrection);
}
