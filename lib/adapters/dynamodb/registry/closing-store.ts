import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { storedChange } from '../../../domain/config-history.ts';
import { touchedByCorrections } from '../../../domain/touched-by.ts';
import type { ClosingStore } from '../../../ports/closing-store.ts';
import { CONFIG_KEY, joinOldChanges, readHistory } from './config-changes.ts';
import type { RegistryTable } from './registry-table.ts';

/** Closed months in the registry: a map in the item of the configRevision. */
export function dynamoDbClosingStore(table: RegistryTable): ClosingStore {
  const { client, tableName: TableName } = table;
  const update = async (change: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> => {
    try {
      await client.send(new UpdateCommand({ TableName, Key: CONFIG_KEY, ...change }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  return {
    async close(period, month) {
      await update({
        UpdateExpression: 'SET closed = if_not_exists(closed, :none)',
        ExpressionAttributeValues: { ':none': {} },
      });
      const done = await update({
        UpdateExpression: 'SET closed.#period = :month',
        ConditionExpression: 'revision = :revision AND attribute_not_exists(closed.#period)',
        ExpressionAttributeNames: { '#period': period },
        ExpressionAttributeValues: { ':month': month, ':revision': month.revision },
      });
      if (done) return 'done';
      return (await readHistory(table)).closed?.[period] === undefined ? 'stale' : 'closed';
    },
    async correct(month, { in: period, revision, asked }) {
      await update({
        UpdateExpression: 'SET closed.#month.corrections = if_not_exists(closed.#month.corrections, :none)',
        ConditionExpression: 'attribute_exists(closed.#month)',
        ExpressionAttributeNames: { '#month': month },
        ExpressionAttributeValues: { ':none': {} },
      });
      const done = await update({
        UpdateExpression:
          'SET closed.#month.corrections.#period = :asked, changes = list_append(if_not_exists(changes, :none), :change) ADD revision :one',
        ConditionExpression:
          'revision = :revision AND attribute_exists(closed.#month) AND attribute_not_exists(closed.#period)',
        ExpressionAttributeNames: { '#month': month, '#period': period },
        ExpressionAttributeValues: {
          ...{ ':asked': asked, ':revision': revision, ':one': 1, ':none': [] },
          ':change': [storedChange(touchedByCorrections(period))],
        },
      });
      if (done) await joinOldChanges(table);
      return done ? 'done' : 'stale';
    },
    askRepricing: (period, asked) =>
      update({
        UpdateExpression: 'SET closed.#period.repriceAsked = :asked',
        ConditionExpression: 'attribute_exists(closed.#period)',
        ExpressionAttributeNames: { '#period': period },
        ExpressionAttributeValues: { ':asked': asked },
      }),
  };
}
