import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbAdditionsStore } from '../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { freshUuid, systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { priceAdditions } from '../../lib/pipeline/price-additions/price-additions.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { lake, registryTable, runsTable } from '../live.ts';
import { queueHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  config: dynamoDbPartnerConfigReader(registryTable()),
  additions: dynamoDbAdditionsStore(runsTable()),
  lake: lake(),
  openDatabase: openDuckdb,
  memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
  ...{ freshUuid, clock: systemClock },
};

/** Consumer of the additions queue. */
export const handler = queueHandler('PriceAdditions', priceAdditions(world));
