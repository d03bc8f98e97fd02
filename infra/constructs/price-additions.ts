import type { Construct } from 'constructs';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import type { Storage } from './storage.ts';
import { WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** At most two at once, the least Lambda takes: a period's additions are one piece of work, asked for many times. */
const CONCURRENCY = 2;

/** PriceAdditions prices a period's charges and credits from the published pointers, behind its own queue. */
export function priceAdditionsFunction(
  scope: Construct,
  { setting, storage, queue }: { setting: FunctionSetting; storage: Storage; queue: WorkQueue },
): ApportionFunction {
  const fn = new ApportionFunction(scope, 'price-additions', setting, WORKER_TIMEOUT_SECONDS);
  storage.registry.grant(fn, ['GetItem', 'Query']);
  storage.runs.grant(fn, ['BatchGetItem', 'ConditionCheckItem', 'PutItem', 'Query', 'UpdateItem']);
  storage.lake.grantRead(fn, ['summaries', 'published', 'publishedForPartner', 'frozenConfigs']);
  // A percentage of the whole is of published rows: what was charged, by filters over what was delivered.
  storage.lake.grantRead(fn, ['publications', 'charges', 'ledgers']);
  storage.lake.grantList(fn, ['published', 'publishedForPartner']);
  storage.lake.grantUpload(fn, ['charges', 'waterfalls']);
  storage.lake.grantWrite(fn, ['published', 'publishedForPartner', 'additionsSummaries']);
  storage.lake.grantDelete(fn, ['published', 'publishedForPartner']);
  queue.feed(fn, CONCURRENCY);
  return fn;
}
