import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { sharesUnused } from '../../rules/commitments/commitment-policies.ts';
import { COMMITMENT_ROWS_COLUMNS, commitmentRowsSelect } from '../../rules/commitments/commitment-shares.ts';
import { literal } from '../../sql/literal.ts';
import { sql } from '../../sql/sql.ts';
import type { Plan } from './plan.ts';
import { pricingOf } from './pricing-of.ts';
import { shardFiles } from './shard-files.ts';
import { typedColumns } from './shard-rows.ts';

/**
 * Makes `commitment_rows` of the split's files, those of other shards too: a commitment's users span shards, and what
 * rounding leaves goes to the largest of them all (`pricing.md` §7). Files pass one at a time and only rows with a
 * commitment stay. Nothing is read where no customer is under `allocate`.
 */
export async function loadCommitments(
  { lake, database, folder }: { lake: ObjectStore; database: Database; folder: string },
  plan: Plan,
  attempt: string,
): Promise<void> {
  const { policies } = pricingOf(plan, plan.rules);
  if (!sharesUnused(policies)) return;
  await database.run(`CREATE TABLE commitment_rows (${COMMITMENT_ROWS_COLUMNS})`);
  const path = join(folder, 'commitments.parquet');
  for (const { shard } of plan.shards)
    for (const { key, etag } of await shardFiles(lake, plan, { attempt, shard })) {
      if ((await lake.download(key, path))?.etag !== etag) throw new Error(`${key} is gone or another one`);
      await database.run(
        `CREATE OR REPLACE TEMP VIEW split_file AS SELECT ${typedColumns().join(', ')}, split.x_Owner FROM read_parquet(${literal(path)}) AS split`,
      );
      await database.run(`INSERT INTO commitment_rows ${commitmentRowsSelect(policies, sql`split_file`)}`);
    }
  await rm(path, { force: true });
}
