import { dynamoDbAdditionsStore } from '../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { METRICS } from '../../lib/names/metrics.ts';
import { closeRun } from '../../lib/pipeline/split-bill/close-run.ts';
import { executions, lake, priceAdditionsAsks, queryEngine, registryTable, runsTable, splitBillAsks } from '../live.ts';
import { logEnd } from '../log-end.ts';
import { count, pipelineHandler } from '../middleware.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  deliveries: dynamoDbDeliveryStore(runsTable()),
  additions: dynamoDbAdditionsStore(runsTable()),
  config: dynamoDbPartnerConfigReader(registryTable()),
  ...{ executions: executions(), engine: queryEngine(), lake: lake(), clock: systemClock, onEnded: logEnd },
  asks: { ...splitBillAsks(), ...priceAdditionsAsks() },
  onQuarantined: () => count(METRICS.runsQuarantined),
};

/** CloseRun: the Catch of both machines, the end of an execution, the schedule. */
export const handler = pipelineHandler('CloseRun', closeRun(world));
