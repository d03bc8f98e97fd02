import { ERROR_NAMES } from '../../../lib/names/error-names.ts';
import {
  ANNOUNCE_STEP,
  CLOSE_STEP,
  type SPLIT_BILL_CHOICES,
  type SPLIT_BILL_ENDS,
  type SplitBillStep,
} from '../../../lib/names/steps.ts';
import { ATTEMPT, athenaState, type Definition, jsonata, lambdaState } from './asl.ts';
import { closeState, failState, whichEnd } from './ends.ts';
import { ATHENA_FAILED, ATHENA_THROTTLED, LAMBDA_TROUBLE, TRY_AGAIN } from './retries.ts';
import { announceState, priceShardsState, unloadByShard } from './split-bill-states.ts';

/** What SplitBill works with: ARNs, names, and the time-outs of the functions behind them. */
export interface SplitBillParts {
  readonly acquireLeaseArn: string;
  readonly planShardsArn: string;
  readonly reconcileArn: string;
  readonly publishArn: string;
  readonly releaseLeaseArn: string;
  readonly closeRunArn: string;
  readonly priceQueueUrl: string;
  readonly lakeBucketName: string;
  readonly databaseName: string;
  readonly workGroupName: string;
  readonly maximumConcurrency: number;
  readonly stepTimeoutSeconds: number;
  readonly reconcileTimeoutSeconds: number;
}

/** Every state of SplitBill. */
export type SplitBillState =
  | SplitBillStep
  | (typeof SPLIT_BILL_CHOICES)[number]
  | typeof ANNOUNCE_STEP
  | typeof CLOSE_STEP
  | (typeof SPLIT_BILL_ENDS)[number];

/** Six hours: 64 shards at two at a time and 10 minutes each take five and a half. */
const TIMEOUT_SECONDS = 6 * 3600;
/** Athena ends a statement after 30 minutes (its quotas page) and may queue it as long before. */
const QUERY_TIMEOUT_SECONDS = 3600;

/** What the states after the lease work with; `measureQueryId` is null until the bill is measured. */
const LEASED = {
  lease: null,
  runId: jsonata('$lease.runId'),
  integrationId: jsonata('$lease.integrationId'),
  period: jsonata('$lease.period'),
  fence: jsonata('$lease.fence'),
  createTableStatement: jsonata('$lease.createTableStatement'),
  measureStatement: jsonata('$lease.measureStatement'),
  measureQueryId: null,
} as const;

/** SplitBill: one run over (integration, period), from the lease to the published lists. */
export function splitBillDefinition(parts: SplitBillParts): Definition<SplitBillState> {
  const step = { timeoutSeconds: parts.stepTimeoutSeconds, retry: [LAMBDA_TROUBLE, TRY_AGAIN] };
  const query = {
    workGroupName: parts.workGroupName,
    databaseName: parts.databaseName,
    timeoutSeconds: QUERY_TIMEOUT_SECONDS,
    retry: [ATHENA_THROTTLED, ATHENA_FAILED],
  };
  const run = { runId: jsonata('$states.context.Execution.Input.runId') };
  const result = (field: string) => jsonata(`$states.result.Payload.${field}`);
  return {
    Comment: 'Splits the bill of one integration and period: measure, plan, split, price, reconcile, publish.',
    QueryLanguage: 'JSONata',
    StartAt: 'AcquireLease',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      AcquireLease: lambdaState({
        ...step,
        functionArn: parts.acquireLeaseArn,
        payload: jsonata('$merge([$states.input, {"executionArn": $states.context.Execution.Id}])'),
        assign: { lease: jsonata('$states.result.Payload') },
        next: 'IsThereWork',
      }),
      IsThereWork: {
        Type: 'Choice',
        Choices: [
          {
            Condition: jsonata('$lease.outcome = "go" and $lease.isRepricing'),
            Assign: LEASED,
            Next: 'PlanShards',
          },
          { Condition: jsonata('$lease.outcome = "go"'), Assign: LEASED, Next: 'CreateDeliveredTable' },
        ],
        Default: 'NothingToDo',
      },
      CreateDeliveredTable: athenaState({
        ...query,
        statement: jsonata('$createTableStatement'),
        assign: { createTableStatement: null },
        next: 'MeasureBill',
      }),
      MeasureBill: athenaState({
        ...query,
        statement: jsonata('$measureStatement'),
        assign: { measureQueryId: jsonata('$states.result.QueryExecution.QueryExecutionId'), measureStatement: null },
        next: 'PlanShards',
      }),
      PlanShards: lambdaState({
        ...step,
        functionArn: parts.planShardsArn,
        payload: { runId: jsonata('$runId'), measureQueryId: jsonata('$measureQueryId') },
        assign: {
          planned: result('outcome'),
          planKey: result('planKey'),
          shards: result('shards'),
          splitSelect: result('splitSelect'),
          splitAttempt: result('splitAttempt'),
        },
        next: 'IsThereAShard',
      }),
      IsThereAShard: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata('$planned = "measure"'), Next: 'CreateDeliveredTable' },
          { Condition: jsonata('$planned = "price" and $count($shards) > 0'), Next: 'PriceShards' },
          { Condition: jsonata('$count($shards) > 0'), Next: 'SplitByShard' },
        ],
        Default: 'Reconcile',
      },
      SplitByShard: athenaState({
        ...query,
        statement: jsonata(unloadByShard(parts.lakeBucketName)),
        assign: { splitAttempt: jsonata(ATTEMPT), splitSelect: null },
        next: 'PriceShards',
      }),
      PriceShards: priceShardsState(parts.maximumConcurrency, parts.priceQueueUrl),
      Reconcile: lambdaState({
        ...step,
        timeoutSeconds: parts.reconcileTimeoutSeconds,
        functionArn: parts.reconcileArn,
        payload: {
          runId: jsonata('$runId'),
          planKey: jsonata('$planKey'),
          lists: jsonata('$count($shards) > 0 ? $states.input.lists : []'),
        },
        next: 'Publish',
      }),
      Publish: lambdaState({
        ...step,
        functionArn: parts.publishArn,
        payload: {
          runId: jsonata('$runId'),
          planKey: jsonata('$planKey'),
          publicationKey: jsonata('$states.input.publicationKey'),
          fence: jsonata('$fence'),
        },
        next: 'ReleaseLease',
      }),
      ReleaseLease: lambdaState({
        ...step,
        functionArn: parts.releaseLeaseArn,
        payload: { runId: jsonata('$runId') },
        next: ANNOUNCE_STEP,
      }),
      [ANNOUNCE_STEP]: announceState(),
      Published: { Type: 'Succeed', Output: { runId: jsonata('$runId') } },
      NothingToDo: { Type: 'Succeed' },
      [CLOSE_STEP]: closeState(parts.closeRunArn, { kind: 'run', ...run }, parts.stepTimeoutSeconds),
      WhichEnd: whichEnd(['Published', 'Quarantined', 'Superseded']),
      Superseded: { Type: 'Succeed', Comment: 'A newer delivery or run has taken over; nothing is wrong.' },
      Quarantined: failState(ERROR_NAMES.quarantined),
      Failed: failState('Failed'),
    },
  };
}
