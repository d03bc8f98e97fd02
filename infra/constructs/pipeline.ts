import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import { grantAnswer } from './bill-machine.ts';
import { closeRunFunction } from './close-run.ts';
import { priceAdditionsFunction } from './price-additions.ts';
import { ReceiveBill } from './receive-bill.ts';
import { SplitBill } from './split-bill.ts';
import type { Storage } from './storage.ts';
import { sweepLakeFunction } from './sweep-lake.ts';
import { STEP_TIMEOUT_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';
import { writeListsFunction } from './write-lists.ts';

/** What the pipeline is given. */
export interface PipelineProps {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
}

/** From a delivered bill to published lists: queues, event rules, both state machines and the functions around them. */
export class Pipeline extends Construct {
  readonly intake: WorkQueue;
  readonly convert: WorkQueue;
  readonly price: WorkQueue;
  readonly additions: WorkQueue;
  readonly lists: WorkQueue;
  /** Events and calls that EventBridge or Lambda could not hand over. */
  readonly undelivered: DeadLetterQueue;
  readonly receiveBill: ReceiveBill;
  readonly splitBill: SplitBill;
  readonly closeRun: ApportionFunction;
  readonly startRun: ApportionFunction;
  readonly failDeadTask: ApportionFunction;
  readonly priceAdditions: ApportionFunction;
  readonly writeLists: ApportionFunction;
  readonly sweepLake: ApportionFunction;

  constructor(scope: Construct, id: string, { setting, storage }: PipelineProps) {
    super(scope, id);
    this.intake = new WorkQueue(this, 'Intake', 'intake', STEP_TIMEOUT_SECONDS);
    this.convert = new WorkQueue(this, 'Convert', 'convert', WORKER_TIMEOUT_SECONDS);
    this.price = new WorkQueue(this, 'Price', 'price', WORKER_TIMEOUT_SECONDS);
    this.additions = new WorkQueue(this, 'Additions', 'additions', WORKER_TIMEOUT_SECONDS);
    this.lists = new WorkQueue(this, 'Lists', 'lists', STEP_TIMEOUT_SECONDS);
    this.undelivered = new DeadLetterQueue(this, 'Undelivered');

    const intakeQueue = this.intake;
    const additionsQueue = this.additions;
    this.closeRun = closeRunFunction(this, { setting, storage, intakeQueue, additionsQueue });
    const shared = { setting, storage, intakeQueue, additionsQueue, closeRun: this.closeRun };
    this.receiveBill = new ReceiveBill(this, 'Receive', { ...shared, convertQueue: this.convert });
    this.splitBill = new SplitBill(this, 'Split', { ...shared, priceQueue: this.price });
    this.startRun = this.#startRun(setting, storage);
    this.failDeadTask = this.#failDeadTask(setting);
    this.priceAdditions = priceAdditionsFunction(this, { setting, storage, queue: this.additions });
    this.writeLists = writeListsFunction(this, { setting, storage, queue: this.lists, additionsQueue });
    this.sweepLake = sweepLakeFunction(this, { setting, storage });
    this.#announceObjects(storage);
    this.#closeWhatEnded();
    this.#sweepByTheHour();
  }

  /** Starts ReceiveBill for a delivered object and SplitBill for what is wanted. */
  #startRun(setting: FunctionSetting, storage: Storage): ApportionFunction {
    const fn = new ApportionFunction(this, 'start-run', setting, STEP_TIMEOUT_SECONDS);
    const receive = this.receiveBill.machine.machine.stateMachineArn;
    const split = this.splitBill.machine.machine.stateMachineArn;
    storage.registry.grant(fn, ['GetItem']);
    storage.runs.grant(fn, ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem']);
    storage.runs.grantList(fn);
    fn.allow({ actions: ['states:StartExecution'], resources: [receive, split] });
    fn.setEnvironment({ [ENV.receiveBillArn]: receive, [ENV.splitBillArn]: split });
    this.intake.feed(fn, setting.parameters.maximumConcurrency.valueAsNumber);
    return fn;
  }

  /** Fails the token of a task whose message every worker gave up, so that the run hears of it at once. */
  #failDeadTask(setting: FunctionSetting): ApportionFunction {
    const fn = new ApportionFunction(this, 'fail-dead-task', setting, STEP_TIMEOUT_SECONDS);
    grantAnswer(fn, 'ReceiveBill', ['Failure']);
    grantAnswer(fn, 'SplitBill', ['Failure']);
    this.convert.feedDeadLetters(fn);
    this.price.feedDeadLetters(fn);
    return fn;
  }

  /** Every object that lands is told to the intake queue; which of them announce a bill, start-run knows. */
  #announceObjects(storage: Storage): void {
    new Rule(this, 'ObjectLanded', {
      description: 'An object has landed: it may announce a bill.',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [storage.landing.bucket.bucketName] } },
      },
      targets: [new SqsQueue(this.intake.queue, { deadLetterQueue: this.undelivered })],
    });
  }

  /** What no Catch can see: time-out, abort, data limit, a run whose execution is gone; and what a run leaves behind. */
  #closeWhatEnded(): void {
    const target = () => this.#called(this.closeRun);
    new Rule(this, 'ExecutionEnded', {
      description: 'An execution ended without a result: its run is closed.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [this.receiveBill, this.splitBill].map(({ machine }) => machine.machine.stateMachineArn),
        },
      },
      targets: [target()],
    });
    new Rule(this, 'RunEnded', {
      description: 'A run ended well: the table of its delivered files is dropped.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['SUCCEEDED'], stateMachineArn: [this.splitBill.machine.machine.stateMachineArn] },
      },
      targets: [target()],
    });
    new Rule(this, 'Sweep', {
      description: 'Closes runs whose execution is gone, starts what is wanted and was lost.',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [target()],
    });
    this.#keepWhatFails(this.closeRun);
  }

  /** A pass that an error or its time ended is taken up by the next one. */
  #sweepByTheHour(): void {
    new Rule(this, 'HourlySweep', {
      description: 'Deletes from the lake what nothing refers to any more.',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [this.#called(this.sweepLake)],
    });
    this.#keepWhatFails(this.sweepLake);
  }

  #called({ lambda }: ApportionFunction): LambdaFunction {
    return new LambdaFunction(lambda, { deadLetterQueue: this.undelivered, maxEventAge: Duration.hours(2) });
  }

  /** What Lambda was handed and could not get done goes where EventBridge's own failures go. */
  #keepWhatFails(fn: ApportionFunction): void {
    const resource = fn.lambda.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${fn.name} has no CfnFunction`);
    resource.deadLetterConfig = { targetArn: this.undelivered.queueArn };
    fn.allow({ actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn] });
  }
}
