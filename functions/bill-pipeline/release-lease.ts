import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { releaseLease } from '../../lib/pipeline/split-bill/release-lease.ts';
import { runsTable, splitBillAsks } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  asks: splitBillAsks(),
};

/** Step ReleaseLease of SplitBill. */
export const handler = pipelineHandler('ReleaseLease', releaseLease(world));
