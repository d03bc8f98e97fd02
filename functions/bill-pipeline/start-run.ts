import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { startRun } from '../../lib/pipeline/receive-bill/start-run.ts';
import { executions, registryTable, runsTable } from '../live.ts';
import { queueHandler } from '../middleware.ts';

const world = {
  config: dynamoDbPartnerConfigReader(registryTable()),
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  deliveries: dynamoDbDeliveryStore(runsTable()),
  executions: executions(),
  clock: systemClock,
};

/** Consumer of the intake queue. */
export const handler = queueHandler('StartRun', startRun(world));
