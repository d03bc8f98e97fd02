import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { ERROR_NAMES } from '../../names/error-names.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import type { FreshUuid } from '../../ports/clock.ts';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import type { TaskTokens } from '../../ports/executions.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { DUCKDB_MACROS } from '../../sql/duckdb-macros.ts';
import { inParallel } from '../in-parallel.ts';
import { whileWorking } from '../while-working.ts';
import { inWorkFolder } from '../work-folder.ts';
import { keepLease, type LeaseWorld, Superseded } from './lease-kept.ts';
import { loadCommitments } from './load-commitments.ts';
import { ownerGroups } from './owner-groups.ts';
import { Plan } from './plan.ts';
import { readLakeJson } from './read-lake-json.ts';
import { requireLeasedRun } from './require-leased-run.ts';
import { sha256OfFile } from './sha256-of-file.ts';
import { shardFiles } from './shard-files.ts';
import type { ResultFile, ShardAnswer, ShardList } from './shard-list.ts';
import { loadShardRows, type OwnerRows } from './shard-rows.ts';
import type { SplitFile } from './stored-split.ts';
import { KEY_OF_TABLE, type WrittenFile, writeResults } from './write-results.ts';

/** What a worker of PriceShards reaches outside. */
export interface PriceShardWorld extends LeaseWorld {
  readonly runs: Pick<RunStore, 'find' | 'enterStep'>;
  readonly lake: ObjectStore;
  readonly tokens: TaskTokens;
  readonly openDatabase: OpenDatabase;
  readonly freshUuid: FreshUuid;
  readonly memoryMegabytes: number;
  readonly heartbeatSeconds?: number;
}

/** The task on the price queue. */
const Task = z.object({
  token: z.string(),
  runId: RunId,
  planKey: z.string(),
  attempt: z.string(),
  shard: z.int().nonnegative(),
});
type Task = z.infer<typeof Task>;

const STEP: SplitBillStep = 'PriceShards';
/** A Lambda function of up to 3 GB has two processors. */
const THREADS = 2;
const TRANSFERS_AT_ONCE = 8;
/** Rows that are written by one plan: a shard of 350,000 has some groups for each thread, and a group fits in memory. */
const GROUP_ROWS = 40_000;

/**
 * Prices one shard and answers the waiting task with where the list of its files lies. A run that has lost its lease or
 * its delivery is answered `Superseded`, a bill that can never be priced `Quarantined`; anything else thrown lets the
 * message come again. Every file goes under a name of this invocation's own, so two workers on one shard do no harm.
 */
export const priceShard =
  (world: PriceShardWorld) =>
  async (message: unknown): Promise<'answered' | 'refused' | 'dead'> => {
    const task = Task.parse(message);
    const { tokens, heartbeatSeconds } = world;
    const beat = {
      tokens: renewing(world, task),
      token: task.token,
      ...(heartbeatSeconds === undefined ? {} : { everySeconds: heartbeatSeconds }),
    };
    const result = await whileWorking(beat, () => orRefusal(() => priceOne(world, task)));
    if (result === 'dead') return 'dead';
    if (result instanceof Problem || result instanceof Superseded) {
      const [error, cause] =
        result instanceof Problem
          ? [ERROR_NAMES.quarantined, JSON.stringify(result.stored())]
          : [ERROR_NAMES.superseded, result.message];
      return (await tokens.fail(task.token, error, cause)) ? 'refused' : 'dead';
    }
    return (await tokens.succeed(task.token, result)) ? 'answered' : 'dead';
  };

/**
 * Every heartbeat of a worker renews the run's lease too: no other step does while workers work. Where that finds the run
 * overtaken, the token is told at once, so that the next run begins within a heartbeat; what the worker still does of the
 * shard is for nothing and is never listed.
 */
function renewing(world: PriceShardWorld, { runId }: Task): TaskTokens {
  const { tokens, runs } = world;
  // At the first word the work itself is about to look.
  let isFirst = true;
  return {
    ...tokens,
    heartbeat: async (token) => {
      const lives = await tokens.heartbeat(token);
      if (lives && !isFirst)
        await requireLeasedRun(runs, runId)
          .then((run) => keepLease(world, run))
          .catch(async (error: unknown) => {
            if (error instanceof Superseded) await tokens.fail(token, ERROR_NAMES.superseded, error.message);
          });
      isFirst = false;
      return lives;
    },
  };
}

async function priceOne(world: PriceShardWorld, task: Task): Promise<ShardAnswer> {
  const { lake, openDatabase, memoryMegabytes } = world;
  await keepLease(world, await requireLeasedRun(world.runs, task.runId));
  await world.runs.enterStep(task.runId, STEP, world.clock.now().toISOString());
  const plan = await readLakeJson(lake, task.planKey, Plan);
  const uuid = world.freshUuid();
  const sources = await shardFiles(lake, plan, task);
  const files = await inWorkFolder(async (folder) => {
    const paths = await fetchShard(lake, sources, folder);
    if (paths.length === 0) return [];
    const database = await openDatabase({ folder, memoryMegabytes, threads: THREADS });
    try {
      for (const macro of DUCKDB_MACROS) await database.run(macro);
      await loadCommitments({ lake, database, folder }, plan, task.attempt);
      const { owners, steps } = await loadShardRows(database, { files: paths, plan, shard: task.shard });
      const written = await writeOwners(database, { plan, owners, steps, folder });
      return await inParallel([...written.entries()], TRANSFERS_AT_ONCE, ([place, file]) =>
        store(lake, file, KEY_OF_TABLE[file.table](file.owner, plan.period, uuid, place)),
      );
    } finally {
      database.close();
    }
  });
  const { runId, shard, attempt } = task;
  return await writeList(lake, { runId, shard, attempt, files, sources: [...sources] }, uuid);
}

/** A small file keeps one processor busy, so groups of owners are written side by side. */
async function writeOwners(
  database: Database,
  { owners, ...of }: { plan: Plan; owners: readonly OwnerRows[]; steps: number; folder: string },
): Promise<WrittenFile[]> {
  const queue = ownerGroups(owners, GROUP_ROWS).values();
  const written: WrittenFile[] = [];
  const writeNext = async (connection: Database) => {
    for (const macro of DUCKDB_MACROS) await connection.run(macro);
    for (const group of queue) written.push(...(await writeResults(connection, { ...of, group })));
  };
  const others = await Promise.all(Array.from({ length: THREADS - 1 }, () => database.another()));
  try {
    await Promise.all([database, ...others].map(writeNext));
  } finally {
    for (const other of others) other.close();
  }
  return written;
}

/** A file that is not the one any more lets the message come again, and in the end the run fails: the next one splits anew. */
async function fetchShard(lake: ObjectStore, files: readonly SplitFile[], folder: string): Promise<string[]> {
  const parts = join(folder, 'split');
  await mkdir(parts);
  return await inParallel([...files.entries()], TRANSFERS_AT_ONCE, async ([place, { key, etag }]) => {
    const path = join(parts, `${place}.parquet`);
    if ((await lake.download(key, path))?.etag !== etag) throw new Error(`${key} is gone or another one`);
    return path;
  });
}

async function store(lake: ObjectStore, file: WrittenFile, key: string): Promise<ResultFile> {
  const sha256 = await sha256OfFile(file.path);
  const { etag, sizeBytes } = await lake.upload(key, file.path);
  return { table: file.table, owner: file.owner, key, etag, sizeBytes, sha256, rows: file.rows };
}

async function writeList(lake: ObjectStore, list: ShardList, uuid: string): Promise<ShardAnswer> {
  const text = JSON.stringify(list);
  const listKey = LAKE.shardList(list.runId, uuid);
  await lake.writeText(listKey, text);
  const rows = list.files.reduce((sum, file) => sum + (file.table === 'costs' ? file.rows : 0), 0);
  return { shard: list.shard, listKey, sha256: createHash('sha256').update(text).digest('hex'), rows };
}

async function orRefusal<Result>(act: () => Promise<Result>): Promise<Result | Problem | Superseded> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Problem || error instanceof Superseded) return error;
    throw error;
  }
}
