import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { EventSourceMappingOptions } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvName } from '../../lib/names/environment.ts';
import { QUEUES } from '../../lib/names/queues.ts';
import type { ApportionFunction } from './apportion-function.ts';
import { STEP_TIMEOUT_SECONDS } from './time-outs.ts';

/** A message stays invisible six times as long as its consumer may work (Lambda guide, "Using Lambda with SQS"). */
const VISIBILITY_PER_TIMEOUT = 6;

/** A queue whose messages nobody consumes by plan: they wait 14 days, SQS's longest, for a person or a rescuer. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * STEP_TIMEOUT_SECONDS),
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is the dead-letter queue itself.',
    });
  }
}

/** A queue of work, with its dead-letter queue. */
export class WorkQueue extends Construct {
  readonly label: keyof typeof QUEUES;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, label: keyof typeof QUEUES, consumerTimeoutSeconds: number) {
    super(scope, id);
    this.label = label;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * consumerTimeoutSeconds),
      removalPolicy: RemovalPolicy.RETAIN,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: QUEUES[label].maxReceiveCount },
    });
  }

  /** Lets `sender` put work here, and tells it where. */
  grantSend(sender: ApportionFunction, urlName: EnvName): void {
    sender.allow({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
    sender.setEnvironment({ [urlName]: this.queue.queueUrl });
  }

  /** Feeds `consumer`, one message a call; at most `maximumConcurrency` calls at once (2 is the least Lambda takes). */
  feed(consumer: ApportionFunction, maximumConcurrency: number): void {
    map(this.queue, consumer, { maxConcurrency: maximumConcurrency });
  }

  /** Feeds what this queue gave up to `rescuer`. */
  feedDeadLetters(rescuer: ApportionFunction): void {
    map(this.deadLetters, rescuer, {});
  }
}

/**
 * What the poller needs (Lambda guide, "Using Lambda with Amazon SQS": receive, delete, look), and the function itself,
 * which gives a failed message back by its queue's name.
 */
const CONSUME = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ChangeMessageVisibility',
];

function map(queue: Queue, consumer: ApportionFunction, options: Pick<EventSourceMappingOptions, 'maxConcurrency'>) {
  consumer.allow({ actions: CONSUME, resources: [queue.queueArn] });
  const mapping = consumer.lambda.addEventSourceMapping(`Messages-${queue.node.path.replaceAll('/', '-')}`, {
    eventSourceArn: queue.queueArn,
    batchSize: 1,
    reportBatchItemFailures: true,
    ...options,
  });
  // Lambda asks at once whether the role may receive.
  mapping.node.addDependency(consumer.role);
  Validations.of(consumer).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'A queue’s mapping takes no destination; what fails stays in the queue and goes to its DLQ.',
  });
}
