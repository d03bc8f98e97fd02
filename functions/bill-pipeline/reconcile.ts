import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { reconcile } from '../../lib/pipeline/split-bill/reconcile.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { lake, landing, leaseSeconds, runsTable } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  lake: lake(),
  landing: landing(),
  openDatabase: openDuckdb,
  memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
  ...{ clock: systemClock, leaseSeconds: leaseSeconds() },
};

/** Step Reconcile of SplitBill. */
export const handler = pipelineHandler('Reconcile', reconcile(world));
