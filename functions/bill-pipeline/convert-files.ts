import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { freshUuid } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { convertFiles } from '../../lib/pipeline/receive-bill/convert-files.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { lake, landing, taskTokens } from '../live.ts';
import { queueHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  landing: landing(),
  lake: lake(),
  tokens: taskTokens(),
  openDatabase: openDuckdb,
  freshUuid,
  memoryMegabytes: databaseMegabytes(Number(requireVariable(ENV.workerMemoryMegabytes))),
};

/** Worker of ConvertFiles, consumer of the convert queue. */
export const handler = queueHandler('ConvertFiles', convertFiles(world));
