import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Plan } from './plan.ts';
import type { SplitFile } from './stored-split.ts';

/** The split's files of one shard: those that an earlier run has left and the plan names, else those of this run's own attempt. */
export async function shardFiles(
  lake: Pick<ObjectStore, 'list'>,
  plan: Plan,
  { attempt, shard }: { attempt: string; shard: number },
): Promise<readonly SplitFile[]> {
  if (plan.split) return plan.split.files.filter((file) => file.shard === shard);
  const objects = await lake.list(LAKE.splitShardLocation(plan.runId, attempt, shard));
  return objects.map(({ key, etag }) => ({ shard, key, etag }));
}
