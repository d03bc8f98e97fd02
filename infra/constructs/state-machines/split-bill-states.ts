import { BILL_PUBLISHED } from '../../../lib/names/events.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { SHARD_STEP } from '../../../lib/names/steps.ts';
import { ATTEMPT, CATCH_ALL, integration, jsonata, type State, workerState } from './asl.ts';
import { QUEUE_TROUBLE, TRY_AGAIN, WORKER_LOST } from './retries.ts';

/** Expression of `UNLOAD (…)` of PlanShards' SELECT into a folder that no attempt before has written to. */
export function unloadByShard(lakeBucketName: string): string {
  const folder = LAKE.splitLocation('" & $runId & "', `" & ${ATTEMPT} & "`);
  return `"UNLOAD (" & $splitSelect & ") TO 's3://${lakeBucketName}/${folder}' WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['shard'])"`;
}

/** PriceShards: a worker for each shard of the plan, and the list of what each has written. */
export function priceShardsState(maximumConcurrency: number, priceQueueUrl: string): State {
  return {
    Type: 'Map',
    Items: jsonata('$shards'),
    ItemSelector: { shard: jsonata('$states.context.Map.Item.Value') },
    MaxConcurrency: maximumConcurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: SHARD_STEP,
      States: {
        [SHARD_STEP]: workerState({
          queueUrl: priceQueueUrl,
          message: {
            runId: jsonata('$runId'),
            planKey: jsonata('$planKey'),
            attempt: jsonata('$splitAttempt'),
            shard: jsonata('$states.input.shard'),
            fence: jsonata('$fence'),
          },
          retry: [TRY_AGAIN, WORKER_LOST, QUEUE_TROUBLE],
        }),
      },
    },
    Catch: CATCH_ALL,
    Output: { lists: jsonata('$states.result') },
    Next: 'Reconcile',
  };
}

/** Tells the outside; the run is published whether the bus takes the event or not, so a failure ends well too. */
export function announceState(): State {
  return {
    Type: 'Task',
    Resource: integration('events:putEvents'),
    Arguments: {
      Entries: [
        {
          Source: BILL_PUBLISHED.source,
          DetailType: BILL_PUBLISHED.detailType,
          Detail: { integrationId: jsonata('$integrationId'), period: jsonata('$period'), runId: jsonata('$runId') },
        },
      ],
    },
    TimeoutSeconds: 60,
    Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 5 }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Published' }],
    Output: {},
    Next: 'Published',
  };
}
