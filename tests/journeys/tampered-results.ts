import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import type { PublishedTable } from '../../lib/names/tables.ts';
import type { Product } from './open-product.ts';
import { writeParquet } from './parquet-rows.ts';

const Answer = z.object({ shard: z.int(), listKey: z.string(), sha256: z.string(), rows: z.int() });
const HandedOn = z.object({ lists: z.array(Answer) });
const ShardFile = z.looseObject({ table: z.string(), owner: z.string(), key: z.string(), sha256: z.string() });
const ShardList = z.looseObject({ files: z.array(ShardFile) });

/** Which result file of a run, and the SELECT over the relation `{file}` that stands in its place afterwards. */
export interface Swap {
  readonly table: PublishedTable;
  readonly owner: string;
  readonly select: string;
}

/** How far the mischief reaches: the file alone, the list of its shard too, or even the worker's answer with that list's hash. */
export type Reach = 'file' | 'list' | 'answer';

/**
 * Swaps a result file that PriceShards has written, under the key it has. Returns what PriceShards would have handed on:
 * under `answer` everything is consistent, so that only what is in the files can tell.
 */
export async function swapResult(
  { machine, folder }: Product,
  handedOn: unknown,
  { table, owner, select }: Swap,
  reach: Reach,
): Promise<unknown> {
  const { lists } = HandedOn.parse(handedOn);
  const lake = lakeOf(machine);
  for (const answer of lists) {
    const list = ShardList.parse(JSON.parse((await lake.readText(answer.listKey))?.text ?? ''));
    const file = list.files.find((one) => one.table === table && one.owner === owner);
    if (file === undefined) continue;
    const [from, to] = [join(folder, 'written.parquet'), join(folder, 'swapped.parquet')];
    await lake.download(file.key, from);
    await writeParquet(select.replaceAll('{file}', `read_parquet('${from}')`), to);
    await lake.upload(file.key, to);
    if (reach === 'file') return handedOn;
    file.sha256 = sha256(await readFile(to));
    const text = JSON.stringify(list);
    await lake.writeText(answer.listKey, text);
    if (reach === 'list') return handedOn;
    return { lists: lists.map((one) => (one === answer ? { ...one, sha256: sha256(Buffer.from(text)) } : one)) };
  }
  throw new Error(`no worker wrote a file of ${table} for ${owner}`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
