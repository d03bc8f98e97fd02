import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ConfigHistory, joinedHistory, NO_HISTORY, storedChange } from '../../../domain/config-history.ts';
import type { Touched } from '../../../domain/touched.ts';
import { getItem } from './get-item.ts';
import { PARTITIONS, type RegistryTable, type TransactItem } from './registry-table.ts';
import { transact } from './transact.ts';

/** The item of the configRevision. */
export const CONFIG_KEY = { pk: PARTITIONS.partner, sk: 'CONFIG' };

/** An item from before changes were kept has none. */
const StoredHistory = ConfigHistory.extend({ changes: ConfigHistory.shape.changes.default([]) });

/** The configRevision and the changes that are kept with it. */
export async function readHistory(table: RegistryTable): Promise<ConfigHistory> {
  return (await getItem(table, CONFIG_KEY, StoredHistory)) ?? NO_HISTORY;
}

/**
 * Writes a change that can touch a price: all or nothing, and with it the configRevision and what the change touches.
 * Returns as `transact` does.
 */
export async function transactChange(
  table: RegistryTable,
  items: readonly TransactItem[],
  touched: Touched,
): Promise<'done' | number> {
  const raise: TransactItem = {
    Update: {
      TableName: table.tableName,
      Key: CONFIG_KEY,
      UpdateExpression: 'SET changes = list_append(if_not_exists(changes, :none), :change) ADD revision :one',
      ExpressionAttributeValues: { ':none': [], ':change': [storedChange(touched)], ':one': 1 },
    },
  };
  const outcome = await transact(table, [...items, raise]);
  if (outcome === 'done') await joinOldChanges(table);
  return outcome;
}

/** Keeps the item small. Whoever writes in between does this after it. */
export async function joinOldChanges(table: RegistryTable): Promise<void> {
  const joined = joinedHistory(await readHistory(table));
  if (joined === undefined) return;
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: CONFIG_KEY,
        UpdateExpression: 'SET changes = :changes',
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':changes': joined.changes, ':revision': joined.revision },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
