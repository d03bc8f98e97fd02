import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { freshUuid, systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { priceShard } from '../../lib/pipeline/split-bill/price-shard.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { lake, leaseSeconds, runsTable, taskTokens } from '../live.ts';
import { queueHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  lake: lake(),
  tokens: taskTokens(),
  openDatabase: openDuckdb,
  memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
  ...{ freshUuid, clock: systemClock, leaseSeconds: leaseSeconds() },
};

/** Worker of PriceShards, consumer of the price queue. */
export const handler = queueHandler('PriceShards', priceShard(world));
