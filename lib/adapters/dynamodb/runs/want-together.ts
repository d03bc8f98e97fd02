import type { BillingPeriod } from '../../../domain/billing-period.ts';
import type { IntegrationId } from '../../../domain/ids.ts';
import type { PeriodState } from '../../../domain/period-state.ts';
import type { TransactItem } from '../registry/registry-table.ts';
import { transact } from '../registry/transact.ts';
import { newPeriod, periodKey } from './period-item.ts';
import { type RunsTable, STATE } from './runs-table.ts';

/** A transaction takes 100 actions (DynamoDB limit), and a month without an item takes two; a bill of more months is wanted in parts. */
const MONTHS_AT_ONCE = 50;

/** `PeriodStore.wantTogether`: one transaction, whose conditions are what was seen. */
export async function wantTogether(
  table: RunsTable,
  integrationId: IntegrationId,
  wanted: PeriodState['wanted'],
  seen: ReadonlyMap<BillingPeriod, PeriodState['wanted'] | null>,
): Promise<'wanted' | 'changed'> {
  const behind = [...seen].filter(([, before]) => before === null || before.deliverySeq < wanted.deliverySeq);
  for (let from = 0; from < behind.length; from += MONTHS_AT_ONCE) {
    const actions = behind
      .slice(from, from + MONTHS_AT_ONCE)
      .flatMap(([period, before]) =>
        before === null
          ? newPeriod(table, { integrationId, period, wanted })
          : [replaced(table, periodKey(integrationId, period), { before, wanted })],
      );
    if ((await transact(table, actions)) !== 'done') return 'changed';
  }
  return 'wanted';
}

function replaced(
  { tableName: TableName }: RunsTable,
  pk: string,
  { before, wanted }: { readonly before: PeriodState['wanted']; readonly wanted: PeriodState['wanted'] },
): TransactItem {
  return {
    Update: {
      TableName,
      Key: { pk, sk: STATE },
      UpdateExpression: 'SET #wanted = :wanted',
      ConditionExpression: '#wanted.#deliveryId = :before',
      ExpressionAttributeNames: { '#wanted': 'wanted', '#deliveryId': 'deliveryId' },
      ExpressionAttributeValues: { ':wanted': wanted, ':before': before.deliveryId },
    },
  };
}
