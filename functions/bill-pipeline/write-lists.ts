import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { publishAgain } from '../../lib/pipeline/split-bill/publish-again.ts';
import { lake, priceAdditionsAsks, runsTable } from '../live.ts';
import { queueHandler } from '../middleware.ts';

const world = {
  periods: dynamoDbPeriodStore(runsTable()),
  runs: dynamoDbRunStore(runsTable()),
  lake: lake(),
  asks: priceAdditionsAsks(),
  clock: systemClock,
};

/** Consumer of the lists queue. */
export const handler = queueHandler('WriteLists', publishAgain(world));
