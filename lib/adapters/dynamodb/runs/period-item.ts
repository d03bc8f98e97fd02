import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { BillingPeriod } from '../../../domain/billing-period.ts';
import type { IntegrationId } from '../../../domain/ids.ts';
import { PeriodState } from '../../../domain/period-state.ts';
import type { TransactItem } from '../registry/registry-table.ts';
import { transact } from '../registry/transact.ts';
import { getStates } from './get-states.ts';
import { type RunsTable, STATE } from './runs-table.ts';

/** The partition that names every period there is, so that nothing is ever scanned. */
const allPeriods = 'PERIODS';

/** Partition key of one (integration, period). */
export function periodKey(integrationId: IntegrationId, period: BillingPeriod): string {
  return `PERIOD#${integrationId}#${period}`;
}

/** Makes the item of a period's first delivery and its line in the list of periods; `false` when it is there. */
export async function addPeriod(
  table: RunsTable,
  first: Pick<PeriodState, 'integrationId' | 'period' | 'wanted'>,
): Promise<boolean> {
  return (await transact(table, newPeriod(table, first))) === 'done';
}

/** The two actions that make a period which has no item yet. */
export function newPeriod(
  { tableName: TableName }: RunsTable,
  { integrationId, period, wanted }: Pick<PeriodState, 'integrationId' | 'period' | 'wanted'>,
): TransactItem[] {
  const state: PeriodState = { integrationId, period, wanted, published: null, lease: null, fence: 0, runNumber: 0 };
  return [
    {
      Put: {
        TableName,
        Item: { pk: periodKey(integrationId, period), sk: STATE, ...state },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    { Put: { TableName, Item: { pk: allPeriods, sk: `${period}#${integrationId}`, integrationId, period } } },
  ];
}

/** Every period's state, by period and integration. */
export async function listPeriods(table: RunsTable): Promise<PeriodState[]> {
  const keys: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': allPeriods },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    const Listed = PeriodState.pick({ integrationId: true, period: true });
    for (const item of Items) {
      const { integrationId, period } = Listed.parse(item);
      keys.push(periodKey(integrationId, period));
    }
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return getStates(table, keys, PeriodState);
}
