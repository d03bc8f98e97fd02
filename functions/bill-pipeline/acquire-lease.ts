import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { acquireLease } from '../../lib/pipeline/split-bill/acquire-lease.ts';
import { executions, lake, leaseSeconds, registryTable, runsTable } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  config: dynamoDbPartnerConfigReader(registryTable()),
  executions: executions(),
  lake: lake(),
  clock: systemClock,
  leaseSeconds: leaseSeconds(),
};

/** Step AcquireLease of SplitBill. */
export const handler = pipelineHandler('AcquireLease', acquireLease(world));
