import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { publish } from '../../lib/pipeline/split-bill/publish.ts';
import { lake, leaseSeconds, priceAdditionsAsks, runsTable } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  lake: lake(),
  asks: priceAdditionsAsks(),
  clock: systemClock,
  leaseSeconds: leaseSeconds(),
};

/** Step Publish of SplitBill. */
export const handler = pipelineHandler('Publish', publish(world));
