import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '../../../infra/cli/api-client.ts';
import { listCustomers } from '../../../lib/contracts/customers/list-customers.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { publishedRoot } from '../../../lib/names/lake-keys.ts';
import { TABLES } from '../../../lib/names/tables.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { parquetRows, type TextRow } from '../../journeys/parquet-rows.ts';

/** What a product has: its lake, and the names of what its ids stand for. */
export interface Published {
  readonly lake: ObjectStore;
  readonly api: ApiClient;
}

/** Rows by the list that names them, `waterfall/customer=Contoso/period=2025-03/sample.txt`; names stand for ids. */
export type PublishedTables = ReadonlyMap<string, readonly TextRow[]>;

/** An id that the customer's own is hashed into (`lib/rules/ledger/reissued-id.ts`): no two deployments have the same. */
const REISSUED = /\bid-[0-9a-f]{32}\b/g;

/**
 * Every published row of every result table, read as any reader does: the lists, then the Parquet they name. Ids that are
 * drawn by lot are replaced by names, and what is made of them is left out, so that two deployments can be held side by
 * side: the run's id, and the row ids of additions.
 */
export async function publishedTables({ lake, api }: Published): Promise<PublishedTables> {
  const customers = (await api.call(listCustomers)).body.items;
  const rules = (await api.call(listRules)).body.items;
  const names = new Map<string, string>([
    ...customers.map(({ id, name }) => [id, name] as const),
    ...rules.map(({ id, rule }) => [id, rule.name] as const),
  ]);
  const named = (text: string) =>
    text.replaceAll(/(?:cus|rul)_[a-z0-9]+/g, (id) => names.get(id) ?? id).replaceAll(REISSUED, 'reissued');
  const tables = new Map<string, readonly TextRow[]>();
  for (const table of [TABLES.customerCharges, TABLES.waterfall, TABLES.costs]) {
    const root = publishedRoot(table);
    for (const { key } of await lake.list(root)) {
      const leftOut = key.endsWith('/additions.txt') ? ['x_RunId', 'x_RowId'] : ['x_RunId'];
      const rows = (await rowsOf(lake, key)).map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([column]) => !leftOut.includes(column))
            .map(([column, cell]) => [column, cell === null ? null : named(cell)]),
        ),
      );
      tables.set(named(`${table}/${key.slice(root.length)}`), rows.sort(byText));
    }
  }
  return tables;
}

/** Where two deployments differ, row by row: nothing where they have published the same. */
export function differencesOf(ours: PublishedTables, theirs: PublishedTables): readonly string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].sort().flatMap((list) => {
    const rows = [ours, theirs].map((tables) => (tables.get(list) ?? []).map(asText));
    const [mine = [], other = []] = rows;
    return Array.from({ length: Math.max(mine.length, other.length) }, (_, index) => index)
      .filter((index) => mine[index] !== other[index])
      .map((index) => `${list}: ${mine[index]} / ${other[index]}`);
  });
}

/** How many rows there are in all. */
export function rowCount(tables: PublishedTables): number {
  return [...tables.values()].reduce((sum, rows) => sum + rows.length, 0);
}

async function rowsOf(lake: ObjectStore, listKey: string): Promise<readonly TextRow[]> {
  const lines = (await lake.readText(listKey))?.text.split('\n').filter((line) => line !== '') ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'apportion-published-'));
  try {
    const paths = lines.map((_, index) => join(folder, `${index}.parquet`));
    for (const [index, line] of lines.entries()) {
      const key = line.replace(`s3://${lake.bucket}/`, '');
      if ((await lake.download(key, paths[index] ?? '')) === undefined) throw new Error(`${line} is not there`);
    }
    return await parquetRows(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A row's cells by column name; files may have their columns in any order. */
function asText(row: TextRow): string {
  return JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function byText(one: TextRow, other: TextRow): number {
  const [first, second] = [asText(one), asText(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}
