import { dynamoDbAdditionsStore } from '../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { METRICS } from '../../lib/names/metrics.ts';
import { sweepLake } from '../../lib/pipeline/sweep-lake/sweep-lake.ts';
import { lake, lakeSweep, runsTable } from '../live.ts';
import { count, pipelineHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  deliveries: dynamoDbDeliveryStore(runsTable()),
  additions: dynamoDbAdditionsStore(runsTable()),
  ...{ lake: lake(), sweep: lakeSweep(), clock: systemClock },
  keptSeconds: Number(requireVariable(ENV.readersSeconds)),
  onDeleted: (objects: number) => count(METRICS.objectsSwept, objects),
};

/** SweepLake: the hourly schedule, or whoever invokes it. */
export const handler = pipelineHandler('SweepLake', sweepLake(world));
