import { dynamoDbSubAccountRegistry } from '../../lib/adapters/dynamodb/registry/sub-account-registry.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { METRICS } from '../../lib/names/metrics.ts';
import { registerDelivery } from '../../lib/pipeline/receive-bill/register-delivery.ts';
import { lake, registryTable, runsTable, splitBillAsks } from '../live.ts';
import { count, pipelineHandler } from '../middleware.ts';

const world = {
  lake: lake(),
  deliveries: dynamoDbDeliveryStore(runsTable()),
  periods: dynamoDbPeriodStore(runsTable()),
  subAccounts: dynamoDbSubAccountRegistry(registryTable()),
  asks: splitBillAsks(),
  clock: systemClock,
  onRegistered: () => count(METRICS.deliveriesRegistered),
};

/** Step RegisterDelivery of ReceiveBill. */
export const handler = pipelineHandler('RegisterDelivery', registerDelivery(world));
