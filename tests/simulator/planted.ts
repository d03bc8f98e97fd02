import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { ATTEMPT } from '../../infra/constructs/state-machines/asl.ts';
import { type Command, MemoryTables } from './memory-table.ts';
import type { Planted } from './planted-bug.ts';

/** A table that forgets the fence, the lease and the order of pointers: whoever publishes, publishes. */
class UnfencedTables extends MemoryTables {
  override answer(command: Command): unknown {
    if (
      !(command instanceof UpdateCommand) ||
      !command.input.UpdateExpression?.startsWith('SET #published = :published')
    )
      return super.answer(command);
    const { ConditionExpression: _, ...input } = command.input;
    return super.answer(new UpdateCommand(input));
  }
}

/** No fence, and no condition on the pointer. */
export const NO_FENCE: Planted = { tables: () => new UnfencedTables() };

/** No condition on the lists: a publisher that was overtaken writes over what lies there. */
export const NO_CONDITIONAL_LISTS: Planted = {
  lakeOf: (store) => ({
    ...store,
    writeText: (key, text) => store.writeText(key, text),
    delete: (key) => store.delete(key),
  }),
};

/** A name for each function, not for each invocation: the next attempt writes where the one before has written. */
export const WORKERS_PREFIX_REUSED: Planted = {
  freshUuid: ({ functionName }) => createHash('md5').update(functionName).digest('hex'),
};

/** Reconcile measures what workers say they have sent, and not what lies in the store. */
export function totalsOfWorkers(): Planted {
  const sent = new Map<string, Buffer>();
  return {
    lakeOf: (store, { functionName }) => ({
      ...store,
      upload: async (key, path) => {
        sent.set(key, readFileSync(path));
        return await store.upload(key, path);
      },
      download: async (key, path, versionId) => {
        const bytes = functionName === 'reconcile' ? sent.get(key) : undefined;
        const got = await store.download(key, path, versionId);
        if (got === undefined || bytes === undefined) return got;
        writeFileSync(path, bytes);
        return { ...got, sha256: createHash('sha256').update(bytes).digest('hex') };
      },
    }),
  };
}

const SplitByShard = z.looseObject({
  Arguments: z.looseObject({ QueryString: z.string() }),
  Assign: z.looseObject({ splitAttempt: z.string() }),
});
const Machine = z.looseObject({ States: z.record(z.string(), z.unknown()) });

/** In a definition: a retry of SplitByShard writes into the folder of the attempt before. */
export function splitPrefixReused(definition: string): string {
  const machine = Machine.parse(JSON.parse(definition));
  if (machine.States.SplitByShard === undefined) return definition;
  const state = SplitByShard.parse(machine.States.SplitByShard);
  const once = (expression: string) => expression.replace(ATTEMPT, '"0-0"');
  const changed = {
    ...state,
    Arguments: { ...state.Arguments, QueryString: once(state.Arguments.QueryString) },
    Assign: { ...state.Assign, splitAttempt: once(state.Assign.splitAttempt) },
  };
  return JSON.stringify({ ...machine, States: { ...machine.States, SplitByShard: changed } });
}
