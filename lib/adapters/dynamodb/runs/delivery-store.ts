import { Delivery } from '../../../domain/delivery.ts';
import type { DeliveryStore } from '../../../ports/run-store.ts';
import { addRecord, changeRecord, findRecord, listRecords, type RecordKind } from './listed-records.ts';
import type { RunsTable } from './runs-table.ts';

const DELIVERIES: RecordKind<typeof Delivery> = {
  prefix: 'DELIVERY#',
  schema: Delivery,
  listedAt: ({ receivedAt }) => receivedAt,
  lists: ({ integrationId }) => ['DELIVERIES', `DELIVERIES#${integrationId}`],
};

/** Deliveries in the runs table. */
export function dynamoDbDeliveryStore(table: RunsTable): DeliveryStore {
  return {
    add: (delivery) => addRecord(table, DELIVERIES, delivery),
    find: (id) => findRecord(table, DELIVERIES, id),
    list: ({ integrationId, ...page }) =>
      listRecords(table, DELIVERIES, integrationId === undefined ? 'DELIVERIES' : `DELIVERIES#${integrationId}`, page),
    async update(id, change) {
      if (!(await changeRecord(table, `${DELIVERIES.prefix}${id}`, change))) throw new Error(`no delivery ${id}`);
    },
  };
}
