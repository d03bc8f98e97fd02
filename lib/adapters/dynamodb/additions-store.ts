import { AdditionsPointer } from '../../domain/additions-pointer.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import { transact } from './registry/transact.ts';
import { changeState } from './runs/change-state.ts';
import { getStates } from './runs/get-states.ts';
import { periodKey } from './runs/period-item.ts';
import { type RunsTable, STATE } from './runs/runs-table.ts';

/** A transaction takes 100 actions (DynamoDB limit); one of them is the pointer itself. */
const SOURCES_MOST = 99;

/** Pointers to additions in the runs table, one item per period. */
export function dynamoDbAdditionsStore(table: RunsTable): AdditionsStore {
  const keyOf = (period: AdditionsPointer['period']) => `ADDITIONS#${period}`;
  return {
    find: async (period) => (await getStates(table, [keyOf(period)], AdditionsPointer))[0],
    async publish(next) {
      if (next.sources.length > SOURCES_MOST) throw new Error(`${next.sources.length} integrations in one period`);
      const outcome = await transact(table, [
        {
          Put: {
            TableName: table.tableName,
            Item: { pk: keyOf(next.period), sk: STATE, ...next },
            ConditionExpression: next.number === 1 ? 'attribute_not_exists(pk)' : '#number = :before',
            ...(next.number === 1
              ? {}
              : {
                  ExpressionAttributeNames: { '#number': 'number' },
                  ExpressionAttributeValues: { ':before': next.number - 1 },
                }),
          },
        },
        ...next.sources.map(({ integrationId, runId }) => ({
          ConditionCheck: {
            TableName: table.tableName,
            Key: { pk: periodKey(integrationId, next.period), sk: STATE },
            ConditionExpression: '#published.#runId = :runId',
            ExpressionAttributeNames: { '#published': 'published', '#runId': 'runId' },
            ExpressionAttributeValues: { ':runId': runId },
          },
        })),
      ]);
      return outcome === 'done' ? 'published' : 'moved';
    },
    async noteListsWritten(period, uuid) {
      const condition = {
        set: '#listsOwed = :no',
        condition: '#uuid = :uuid',
        values: { ':no': false, ':uuid': uuid },
      };
      await changeState(table, keyOf(period), AdditionsPointer, condition);
    },
  };
}
