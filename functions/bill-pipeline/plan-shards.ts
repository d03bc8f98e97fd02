import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { planShards } from '../../lib/pipeline/split-bill/plan-shards.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { lake, landing, leaseSeconds, queryEngine, registryTable, runsTable } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  config: dynamoDbPartnerConfigReader(registryTable()),
  ...{ engine: queryEngine(), lake: lake(), landing: landing(), clock: systemClock, leaseSeconds: leaseSeconds() },
  workerMemoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
};

/** Step PlanShards of SplitBill. */
export const handler = pipelineHandler('PlanShards', planShards(world));
