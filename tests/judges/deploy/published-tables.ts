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

/**
 * Every published row of every result table, read as any reader does: the lists, then the Parquet they name. Ids that are
 * drawn by lot are replaced by names, and the run's is left out, so that two deployments can be held side by side.
 */
export async function publishedTables({ lake, api }: Published): Promise<PublishedTables> {
  const customers = (await api.call(listCustomers)).body.items;
  const rules = (await api.call(listRules)).body.items;
  const names = new Map<string, string>([
    ...customers.map(({ id, name }) => [id, name] as const),
    ...rules.map(({ id, rule }) => [id, rule.name] as const),
  ]);
  const named = (text: string) => text.replaceAll(/(?:cus|rul)_[a-z0-9]+/g, (id) => names.get(id) ?? id);
  const tables = new Map<string, readonly TextRow[]>();
  for (const table of [TABLES.customerCharges, TABLES.waterfall, TABLES.costs]) {
    const root = publishedRoot(table);
    for (const { key } of await lake.list(root)) {
      const rows = (await rowsOf(lake, key)).map(({ x_RunId: _, ...row }) =>
        Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, cell === null ? null : named(cell)])),
      );
      tables.set(named(`${table}/${key.slice(root.length)}`), rows.sort(byText));
    }
  }
  return tables;
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

function byText(one: TextRow, other: TextRow): number {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}
