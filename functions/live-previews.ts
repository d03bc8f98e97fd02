import { openDuckdb } from '../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbCustomerStore } from '../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbPartnerConfigReader } from '../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbPeriodStore } from '../lib/adapters/dynamodb/runs/period-store.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { ENV } from '../lib/names/environment.ts';
import { inWorkFolder } from '../lib/pipeline/work-folder.ts';
import { databaseMegabytes } from '../lib/pipeline/worker-memory.ts';
import { lake, registryTable, runsTable } from './live.ts';
import { requireVariable } from './require-variable.ts';

/** What both functions of previews read, and where they write what a job says of itself. */
export function previewWorld() {
  return {
    customers: dynamoDbCustomerStore(registryTable()),
    config: dynamoDbPartnerConfigReader(registryTable()),
    periods: dynamoDbPeriodStore(runsTable()),
    ...{ lake: lake(), openDatabase: openDuckdb, inWorkFolder, clock: systemClock },
    memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
  };
}
