import type { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import type { LakeArea } from './lake-bucket.ts';
import type { Storage } from './storage.ts';
import { READERS_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';

/** Where it looks and deletes. Lists that readers follow are in none of these, and it has no right to write anything. */
const SWEPT: readonly LakeArea[] = ['charges', 'ledgers', 'waterfalls', 'additions', 'runs', 'deliveries'];

/** SweepLake deletes what nothing refers to any more; what it deletes stays a month as a replaced version. */
export function sweepLakeFunction(
  scope: Construct,
  { setting, storage }: { setting: FunctionSetting; storage: Storage },
): ApportionFunction {
  const fn = new ApportionFunction(scope, 'sweep-lake', setting, WORKER_TIMEOUT_SECONDS);
  storage.runs.grant(fn, ['BatchGetItem', 'GetItem', 'Query']);
  storage.runs.grantList(fn);
  storage.lake.grantList(fn, SWEPT);
  storage.lake.grantRead(fn, ['publications', 'plans', 'storedSplits', 'registrations']);
  storage.lake.grantDelete(fn, SWEPT);
  fn.setEnvironment({ [ENV.readersSeconds]: String(READERS_SECONDS) });
  return fn;
}
