import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Run } from '../../../domain/run.ts';
import type { RunStore } from '../../../ports/run-store.ts';
import { addRecord, changeRecord, findRecord, listRecords, type RecordKind } from './listed-records.ts';
import { type RunsTable, STATE } from './runs-table.ts';

const RUNS: RecordKind<typeof Run> = {
  prefix: 'RUN#',
  schema: Run,
  listedAt: ({ startedAt }) => startedAt,
  lists: ({ integrationId, period }) => [
    'RUNS',
    `RUNS#${integrationId}#`,
    `RUNS##${period}`,
    `RUNS#${integrationId}#${period}`,
  ],
};

/** Runs in the runs table; a run that has ended is not changed any more. */
export function dynamoDbRunStore(table: RunsTable): RunStore {
  const keyOf = (id: string) => `${RUNS.prefix}${id}`;
  return {
    async add(run) {
      await addRecord(table, RUNS, run);
    },
    find: (id) => findRecord(table, RUNS, id),
    list: ({ integrationId, period, ...page }) => {
      const listKey =
        integrationId === undefined && period === undefined ? 'RUNS' : `RUNS#${integrationId ?? ''}#${period ?? ''}`;
      return listRecords(table, RUNS, listKey, page);
    },
    async enterStep(id, step, at) {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.tableName,
            Key: { pk: keyOf(id), sk: STATE },
            UpdateExpression: 'SET #steps.#step = :at, #current = :step',
            ConditionExpression: '#status = :running AND attribute_not_exists(#steps.#step)',
            ExpressionAttributeNames: { '#steps': 'steps', '#step': step, '#current': 'step', '#status': 'status' },
            ExpressionAttributeValues: { ':at': at, ':step': step, ':running': 'Running' },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    update: (id, change) => changeRecord(table, keyOf(id), change, 'Running'),
  };
}
