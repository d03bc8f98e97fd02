import { Aws, Duration, Fn, Token, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  CfnAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { METRICS } from '../../lib/names/metrics.ts';
import type { StackParameters } from '../stack-parameters.ts';
import type { Api } from './api.ts';
import type { ApportionFunction } from './apportion-function.ts';
import type { Pipeline } from './pipeline.ts';
import { STEP_TIMEOUT_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What is watched, and who is told. */
export interface OperationsProps {
  readonly parameters: StackParameters;
  readonly pipeline: Pipeline;
  readonly api: Api;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
/** CloudWatch looks back seven days at most where a period is an hour or more (its guide, "Evaluating an alarm"). */
const HOUR = Duration.hours(1);
const QUIET_HOURS = 36;

/** A metric without a data point must not make the sum of the others a missing one; SUM passes over what is missing. */
const SUM_OF_ALL = 'SUM(FILL(METRICS(), 0))';

/** One alarm: above how much, over how long; nothing said means all is well unless told otherwise. */
interface Watch {
  readonly metric: IMetric;
  readonly atLeast: number;
  /** For so many periods in a row; one where left out. */
  readonly periods?: number;
  readonly what: string;
}

/** The alarms. Each is named for its heading in docs/runbook.md, which says what to do; a test holds the two together. */
export class Operations extends Construct {
  readonly #parameters: StackParameters;

  constructor(scope: Construct, id: string, { parameters, pipeline, api }: OperationsProps) {
    super(scope, id);
    this.#parameters = parameters;
    this.#watchQueue(pipeline.intake, 6 * STEP_TIMEOUT_SECONDS);
    this.#watchRescuedQueue(pipeline.convert, 4 * WORKER_TIMEOUT_SECONDS);
    this.#watchRescuedQueue(pipeline.price, 4 * WORKER_TIMEOUT_SECONDS);
    this.#watchQueue(pipeline.additions, 4 * WORKER_TIMEOUT_SECONDS);
    this.#watchQueue(pipeline.lists, 6 * STEP_TIMEOUT_SECONDS);
    this.#watchQueue(api.previews, 4 * WORKER_TIMEOUT_SECONDS);
    this.#watch('undelivered-events', {
      metric: pipeline.undelivered.metricApproximateNumberOfMessagesVisible({
        period: FIVE_MINUTES,
        statistic: Stats.MAXIMUM,
      }),
      atLeast: 1,
      what: 'Events that EventBridge or Lambda could not hand over.',
    });
    this.#watch('worker-gave-up', {
      metric: pipeline.failDeadTask.lambda.metricInvocations({ period: FIVE_MINUTES }),
      atLeast: 1,
      what: 'A worker gave a batch or shard up after all its tries.',
    });
    this.#watchMachine('receive-bill-failed', pipeline.receiveBill.machine.machine);
    this.#watchMachine('split-bill-failed', pipeline.splitBill.machine.machine);
    this.#watch('run-quarantined', {
      metric: ownMetric(METRICS.runsQuarantined, FIVE_MINUTES),
      atLeast: 1,
      what: 'A result did not add up, or a bill was wrong: nothing of it was published.',
    });
    this.#watchFunctions(pipeline, api);
    this.#watch('api-5xx', {
      metric: api.http.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      atLeast: 1,
      what: 'The API answered with a fault of its own.',
    });
    this.#watchDeliveries();
  }

  #watchQueue({ label, queue, deadLetters }: WorkQueue, oldestSeconds: number): void {
    this.#watch(`work-in-${label}-dlq`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      atLeast: 1,
      what: `Work that the ${label} queue gave up.`,
    });
    this.#watchAge({ label, queue }, oldestSeconds);
  }

  /**
   * A queue whose dead letters are told to the run by fail-dead-task: they pass through within seconds, and where they do
   * not, they are in its hands nearly all the time. So what counts is what is there at every minute, visible or not.
   */
  #watchRescuedQueue({ label, queue, deadLetters }: WorkQueue, oldestSeconds: number): void {
    const sampled = { period: MINUTE, statistic: Stats.MAXIMUM };
    this.#watch(`work-in-${label}-dlq`, {
      metric: new MathExpression({
        expression: SUM_OF_ALL,
        usingMetrics: {
          visible: deadLetters.metricApproximateNumberOfMessagesVisible(sampled),
          inFlight: deadLetters.metricApproximateNumberOfMessagesNotVisible(sampled),
        },
        period: MINUTE,
      }),
      atLeast: 1,
      periods: 5,
      what: `Work that the ${label} queue gave up, and of which no run could be told.`,
    });
    this.#watchAge({ label, queue }, oldestSeconds);
  }

  #watchAge({ label, queue }: Pick<WorkQueue, 'label' | 'queue'>, oldestSeconds: number): void {
    this.#watch(`old-work-in-${label}`, {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      atLeast: oldestSeconds,
      what: `Work waits in the ${label} queue for ${oldestSeconds / 60} minutes and longer.`,
    });
  }

  /** Catch leads bad bills to a failed end too: whatever made an execution end so, somebody should look. */
  #watchMachine(name: string, machine: StateMachine): void {
    const period = { period: FIVE_MINUTES };
    this.#watch(name, {
      metric: new MathExpression({
        expression: SUM_OF_ALL,
        usingMetrics: {
          failed: machine.metricFailed(period),
          timedOut: machine.metricTimedOut(period),
          aborted: machine.metricAborted(period),
        },
        ...period,
      }),
      atLeast: 1,
      what: 'Executions that failed, timed out or were aborted.',
    });
  }

  /**
   * Functions that no state machine answers for; ten metrics are the most an alarm's expression takes. A step's error is
   * its execution's, a preview job's is in its queue's dead letters.
   */
  #watchFunctions(pipeline: Pipeline, api: Api): void {
    const watched = [
      pipeline.startRun,
      pipeline.closeRun,
      pipeline.failDeadTask,
      pipeline.priceAdditions,
      pipeline.writeLists,
      pipeline.sweepLake,
      pipeline.receiveBill.convertFiles,
      pipeline.splitBill.priceShard,
      api.api,
      api.previewRules,
    ];
    this.#watch('function-errors', {
      metric: sumOf(watched, ({ lambda }) => lambda.metricErrors({ period: FIVE_MINUTES })),
      atLeast: 1,
      what: 'Functions that ended with an error.',
    });
    this.#watch('function-throttles', {
      metric: sumOf(watched, ({ lambda }) => lambda.metricThrottles({ period: FIVE_MINUTES })),
      atLeast: 1,
      what: 'Calls that Lambda refused because the account’s concurrency was used up.',
    });
  }

  #watchDeliveries(): void {
    const alarm = new Alarm(this, 'no-delivery-for-36-hours', {
      ...this.#named('no-delivery-for-36-hours', 'No bill was registered for 36 hours; providers deliver daily.'),
      metric: ownMetric(METRICS.deliveriesRegistered, HOUR),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: QUIET_HOURS,
      datapointsToAlarm: QUIET_HOURS,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.#tell(alarm);
  }

  #watch(name: string, { metric, atLeast, periods = 1, what }: Watch): void {
    const alarm = new Alarm(this, name, {
      ...this.#named(name, what),
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: atLeast,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.#tell(alarm);
  }

  #named(name: string, what: string) {
    return { alarmName: `${Aws.STACK_NAME}-${name}`, alarmDescription: `${what} See docs/runbook.md#${name}` };
  }

  #tell(alarm: Alarm): void {
    const { alarmTopicNamed, alarmTopicArn } = this.#parameters;
    const topics = Fn.conditionIf(alarmTopicNamed.logicalId, [alarmTopicArn.valueAsString], Aws.NO_VALUE);
    const resource = alarm.node.defaultChild;
    if (!(resource instanceof CfnAlarm)) throw new Error('the alarm has no CfnAlarm');
    resource.alarmActions = Token.asList(topics);
    resource.okActions = Token.asList(topics);
    Validations.of(alarm).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'The topic’s default is empty, and then the condition leaves the actions out.',
    });
  }
}

function ownMetric(metricName: string, period: Duration): Metric {
  const dimensionsMap = { [METRICS.dimension]: Aws.STACK_NAME };
  return new Metric({ namespace: METRICS.namespace, metricName, dimensionsMap, period, statistic: Stats.SUM });
}

function sumOf(functions: readonly ApportionFunction[], metricOf: (fn: ApportionFunction) => IMetric): MathExpression {
  const usingMetrics = Object.fromEntries(functions.map((fn, index) => [`m${index}`, metricOf(fn)]));
  return new MathExpression({ expression: SUM_OF_ALL, usingMetrics, period: FIVE_MINUTES });
}
