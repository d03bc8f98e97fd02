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
      await addRecord(table, RUNS, { ...run, entries: run.entries ?? {} });
    },
    find: (id) => findRecord(table, RUNS, id),
    list: ({ integrationId, period, ...page }) => {
      const listKey =
        integrationId === undefined && period === undefined ? 'RUNS' : `RUNS#${integrationId ?? ''}#${period ?? ''}`;
      return listRecords(table, RUNS, listKey, page);
    },
    async enterStep(id, step, at) {
      const first = await enter(table, keyOf(id), step, {
        set: '#steps.#step = :at, #current = :step, #entries.#step = :one',
        condition: 'attribute_not_exists(#steps.#step)',
        names: { '#steps': 'steps', '#current': 'step' },
        values: { ':at': at, ':step': step },
      });
      if (first) return;
      await enter(table, keyOf(id), step, {
        set: '#entries.#step = #entries.#step + :one',
        condition: 'attribute_exists(#entries.#step)',
        names: {},
        values: {},
      });
    },
    update: (id, change) => changeRecord(table, keyOf(id), change, 'Running'),
  };
}

interface Entry {
  readonly set: string;
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
}

/** Notes an entry in a run at work; `false` where the condition does not hold. */
async function enter(
  { client, tableName }: RunsTable,
  pk: string,
  step: string,
  { set, condition, names, values }: Entry,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk, sk: STATE },
        UpdateExpression: `SET ${set}`,
        ConditionExpression: `#status = :running AND ${condition}`,
        ExpressionAttributeNames: { '#entries': 'entries', '#step': step, '#status': 'status', ...names },
        ExpressionAttributeValues: { ':one': 1, ':running': 'Running', ...values },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
