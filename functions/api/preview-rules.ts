import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbCustomerStore } from '../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { previewRule } from '../../lib/api/rules/preview-rule.ts';
import { serveApi } from '../../lib/api/serve-api.ts';
import { ENV } from '../../lib/names/environment.ts';
import { inWorkFolder } from '../../lib/pipeline/work-folder.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { apiHandler } from '../api-handler.ts';
import { lake, registryTable, runsTable } from '../live.ts';
import { liveIdentify } from '../live-api.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  customers: dynamoDbCustomerStore(registryTable()),
  config: dynamoDbPartnerConfigReader(registryTable()),
  periods: dynamoDbPeriodStore(runsTable()),
  ...{ lake: lake(), openDatabase: openDuckdb, inWorkFolder },
  memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
};

/** The preview of a rule: the one operation that needs DuckDB. */
export const handler = apiHandler(serveApi({ previewRule: previewRule(world) }, liveIdentify()));
