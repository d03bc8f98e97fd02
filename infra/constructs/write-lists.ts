import type { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import type { Storage } from './storage.ts';
import { STEP_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** At most two at once, the least Lambda takes: a rollback is a person's act. */
const CONCURRENCY = 2;

/**
 * WriteLists brings a period's published lists to its pointer, behind its own queue: the API moves pointers, and has no
 * right on what customers read.
 */
export function writeListsFunction(
  scope: Construct,
  {
    setting,
    storage,
    queue,
    additionsQueue,
  }: { setting: FunctionSetting; storage: Storage; queue: WorkQueue; additionsQueue: WorkQueue },
): ApportionFunction {
  const fn = new ApportionFunction(scope, 'write-lists', setting, STEP_TIMEOUT_SECONDS);
  storage.runs.grant(fn, ['BatchGetItem', 'UpdateItem']);
  storage.lake.grantRead(fn, ['publications', 'published', 'publishedForPartner']);
  storage.lake.grantList(fn, ['published', 'publishedForPartner']);
  storage.lake.grantWrite(fn, ['published', 'publishedForPartner']);
  storage.lake.grantDelete(fn, ['published', 'publishedForPartner']);
  additionsQueue.grantSend(fn, ENV.additionsQueueUrl);
  queue.feed(fn, CONCURRENCY);
  return fn;
}
