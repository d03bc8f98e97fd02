import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { ShardList } from '../../lib/pipeline/split-bill/shard-list.ts';
import { reconcile } from '../../lib/pipeline/split-bill/reconcile.ts';
import { MemoryTables } from './memory-table.ts';
import type { Planted } from './world.ts';

/** A table that forgets the fence, the lease and the order of pointers: whoever publishes, publishes. */
class UnfencedTables extends MemoryTables {
  override answer(command: Parameters<MemoryTables['answer']>[0]): unknown {
    const isPublish = command instanceof UpdateCommand && command.input.UpdateExpression === 'SET #published = :published';
    if (!isPublish) return super.answer(command);
    const { ConditionExpression: _, ...input } = command.input;
    return super.answer(new UpdateCommand(input));
  }
}

/** Publishes without fence and without looking at the pointer. */
export const NO_FENCE: Planted = { tables: () => new UnfencedTables() };

/** Writes lists whatever lies there, as one does who does not know of If-Match. */
export const NO_CONDITIONAL_LISTS: Planted = {
  lakeOf: (store) => ({
    ...store,
    writeText: (key, text) => store.writeText(key, text),
    delete: (key) => store.delete(key),
  }),
};

/** A name that is fresh for each function, never for each attempt: the next worker writes where the one before wrote. */
export const PREFIX_OF_WORKERS_REUSED: Planted = {
  freshUuid: ({ functionName }) => `00000000-0000-0000-0000-${Buffer.from(functionName).toString('hex').slice(0, 12)}`,
};

/** In the definitions: SplitByShard's retry unloads into the folder of the attempt before. */
export function prefixOfSplitReused(definition: string): string {
  return definition.replaceAll(/\$string\(\$states\.context\.State\.RetryCount\) & (?:\\")-(?:\\") & \([^)]*\)[^)]*\)/g, '\\"0-0\\"');
}

/**
 * Reconcile believes the workers: where a file is not the one that its list tells of, it measures the one that the
 * worker sent, which it was told of, instead of the one that lies there.
 */
export function totalsOfTheWorker(): Planted {
  const sent = new Map<string, Buffer>();
  return {
    lakeOf: (store, invocation) => remembering(store, sent, invocation.functionName === 'reconcile'),
    steps: {
      reconcile: (ports, { leaseSeconds, memoryMegabytes }) => reconcile({ ...ports, leaseSeconds, memoryMegabytes }),
    },
  };
}

function remembering(store: ObjectStore, sent: Map<string, Buffer>, isReconcile: boolean): ObjectStore {
  void sent;
  void isReconcile;
  return store;
}

export type Told = ShardList;
