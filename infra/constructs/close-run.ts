import type { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { deliveredTable } from '../../lib/names/tables.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import { grantDescribe } from './bill-machine.ts';
import type { Storage } from './storage.ts';
import { STEP_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What CloseRun is given. */
export interface CloseRunProps {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly intakeQueue: WorkQueue;
  readonly additionsQueue: WorkQueue;
}

/**
 * CloseRun ends whatever did not end well: marks the delivery or run, finishes a publish that died between pointer and
 * lists, drops the run's table, frees its lease and asks for what is wanted.
 */
export function closeRunFunction(scope: Construct, props: CloseRunProps): ApportionFunction {
  const { setting, storage, intakeQueue, additionsQueue } = props;
  const fn = new ApportionFunction(scope, 'close-run', setting, STEP_TIMEOUT_SECONDS);
  storage.registry.grant(fn, ['GetItem']);
  storage.runs.grant(fn, ['BatchGetItem', 'GetItem', 'Query', 'UpdateItem']);
  storage.runs.grantList(fn);
  storage.lake.grantRead(fn, ['publications', 'published', 'publishedForPartner']);
  storage.lake.grantList(fn, ['published', 'publishedForPartner']);
  storage.lake.grantWrite(fn, ['published', 'publishedForPartner', 'queryResults']);
  storage.lake.grantDelete(fn, ['published', 'publishedForPartner']);
  intakeQueue.grantSend(fn, ENV.intakeQueueUrl);
  additionsQueue.grantSend(fn, ENV.additionsQueueUrl);
  grantDescribe(fn);
  grantDropTable(fn, storage);
  return fn;
}

/** `DROP TABLE` of a run's table, which Athena does with the caller's rights. */
function grantDropTable(fn: ApportionFunction, { database, lake, pipelineQueries }: Storage): void {
  pipelineQueries.grantAsk(fn);
  fn.allow({ actions: ['glue:GetDatabase'], resources: database.everyQueryArns });
  fn.allow({
    actions: ['glue:GetTable', 'glue:DeleteTable'],
    resources: [...database.tableParentArns, database.tableArn(deliveredTable('*'))],
    wildcardReason: 'The tables are named for runs; the prefix is the narrowest bound there is.',
  });
  fn.allow({ actions: ['s3:GetBucketLocation'], resources: [lake.bucket.bucketArn] });
}
