import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Item } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';

const Before = z.object({ TableName: z.string(), Key: Item, item: Item.optional() });

/** An item as it was before a transaction; no `item` when there was none. */
export type Before = z.infer<typeof Before>;

/** Puts every item back as it was. */
export async function restore(before: readonly Before[], call: DynamoDbCall): Promise<void> {
  for (const { TableName, Key, item } of before)
    await (item === undefined ? call('DeleteItem', { TableName, Key }) : call('PutItem', { TableName, Item: item }));
}

/**
 * Remembers on disk what a transaction is about to change, so that one cut short by the end of the process is undone
 * at the next start. One transaction runs at a time, so one file is enough.
 */
export interface TransactionJournal {
  begin(before: readonly Before[]): void;
  /** The transaction is done, or undone. */
  end(): void;
  /** Undoes what the last process left half done. */
  recover(call: DynamoDbCall): Promise<void>;
}

/** @param path absent for a database in memory, which ends with its process anyway. */
export function transactionJournal(path: string | undefined): TransactionJournal {
  if (path === undefined) return { begin: () => {}, end: () => {}, recover: async () => {} };
  return {
    begin(before) {
      writeFileSync(`${path}.new`, JSON.stringify(before));
      renameSync(`${path}.new`, path);
    },
    end: () => rmSync(path),
    async recover(call) {
      if (!existsSync(path)) return;
      await restore(z.array(Before).parse(JSON.parse(readFileSync(path, 'utf8'))), call);
      rmSync(path);
    },
  };
}
