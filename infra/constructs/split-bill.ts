import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { BILL_PUBLISHED } from '../../lib/names/events.ts';
import type { FunctionName } from '../../lib/names/functions.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import { BillMachine, grantAnswer, grantDescribe } from './bill-machine.ts';
import type { RecordAction } from './record-table.ts';
import { grantStatements } from './split-bill-statements.ts';
import { splitBillDefinition } from './state-machines/split-bill-definition.ts';
import type { Storage } from './storage.ts';
import { LEASE_SECONDS, STATE_GRACE_SECONDS, STEP_TIMEOUT_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What SplitBill is given. */
export interface SplitBillProps {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly priceQueue: WorkQueue;
  readonly intakeQueue: WorkQueue;
  readonly additionsQueue: WorkQueue;
  readonly closeRun: ApportionFunction;
}

/** SplitBill: its functions, its worker and its state machine. */
export class SplitBill extends Construct {
  readonly machine: BillMachine;
  readonly priceShard: ApportionFunction;
  readonly #props: SplitBillProps;

  constructor(scope: Construct, id: string, props: SplitBillProps) {
    super(scope, id);
    this.#props = props;
    const { setting, storage, closeRun, priceQueue } = props;
    const acquireLease = this.#acquireLease();
    const planShards = this.#planShards();
    this.priceShard = this.#priceShard();
    const reconcile = this.#reconcile();
    const publish = this.#publish();
    const releaseLease = this.#releaseLease();
    this.machine = new BillMachine(
      this,
      'SplitBill',
      splitBillDefinition({
        acquireLeaseArn: acquireLease.lambda.functionArn,
        planShardsArn: planShards.lambda.functionArn,
        reconcileArn: reconcile.lambda.functionArn,
        publishArn: publish.lambda.functionArn,
        releaseLeaseArn: releaseLease.lambda.functionArn,
        closeRunArn: closeRun.lambda.functionArn,
        priceQueueUrl: priceQueue.queue.queueUrl,
        lakeBucketName: storage.lake.bucket.bucketName,
        databaseName: storage.database.name,
        workGroupName: storage.pipelineQueries.name,
        maximumConcurrency: setting.parameters.maximumConcurrency.valueAsNumber,
        stepTimeoutSeconds: STEP_TIMEOUT_SECONDS + STATE_GRACE_SECONDS,
        reconcileTimeoutSeconds: WORKER_TIMEOUT_SECONDS + STATE_GRACE_SECONDS,
      }),
    );
    this.machine.grantInvoke([acquireLease, planShards, reconcile, publish, releaseLease, closeRun]);
    this.machine.grantSend(priceQueue);
    this.machine.allow({
      actions: ['events:PutEvents'],
      resources: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
      conditions: { StringEquals: { 'events:source': BILL_PUBLISHED.source } },
    });
    grantStatements(this.machine, storage);
  }

  /** A function that works under the run's lease, and renews it; `more` is what else it does with records of runs. */
  #leased(name: FunctionName, timeoutSeconds: number, more: readonly RecordAction[]): ApportionFunction {
    const fn = new ApportionFunction(this, name, this.#props.setting, timeoutSeconds);
    this.#props.storage.runs.grant(fn, ['BatchGetItem', 'UpdateItem', ...more]);
    fn.setEnvironment({ [ENV.leaseSeconds]: String(LEASE_SECONDS) });
    return fn;
  }

  /** Takes the lease and writes the list of delivered files that Athena reads; an expired lease's execution is asked for. */
  #acquireLease(): ApportionFunction {
    const { storage } = this.#props;
    const fn = this.#leased('acquire-lease', STEP_TIMEOUT_SECONDS, ['GetItem', 'PutItem']);
    storage.registry.grant(fn, ['GetItem']);
    storage.lake.grantRead(fn, ['deliveries']);
    storage.lake.grantWrite(fn, ['runs']);
    grantDescribe(fn);
    return fn;
  }

  /** Reads the control totals and the partner's configuration; writes owners and plan. */
  #planShards(): ApportionFunction {
    const { storage, setting } = this.#props;
    const fn = this.#leased('plan-shards', STEP_TIMEOUT_SECONDS, ['GetItem']);
    fn.setEnvironment({ [ENV.workerMemoryMegabytes]: setting.parameters.workerMemoryMegabytes.valueAsString });
    storage.registry.grant(fn, ['GetItem', 'Query']);
    storage.landing.grantLook(fn);
    storage.lake.grantRead(fn, ['deliveries', 'runs', 'queryResults', 'frozenConfigs']);
    storage.lake.grantList(fn, ['deliveries', 'runs']);
    storage.lake.grantWrite(fn, ['runs']);
    storage.pipelineQueries.grantReadAnswers(fn);
    return fn;
  }

  /** Prices one shard: reads its split, writes its owners' tables and the list of them. */
  #priceShard(): ApportionFunction {
    const { storage, setting, priceQueue } = this.#props;
    const fn = this.#leased('price-shard', WORKER_TIMEOUT_SECONDS, ['GetItem']);
    storage.lake.grantRead(fn, ['runs']);
    storage.lake.grantList(fn, ['splits']);
    storage.lake.grantWrite(fn, ['runs']);
    storage.lake.grantUpload(fn, ['charges', 'ledgers', 'waterfalls']);
    grantAnswer(fn, 'SplitBill', ['Success', 'Failure', 'Heartbeat']);
    priceQueue.feed(fn, setting.parameters.maximumConcurrency.valueAsNumber);
    return fn;
  }

  /** Reads every written file and the delivered files' tags; writes the summary. */
  #reconcile(): ApportionFunction {
    const { storage } = this.#props;
    const fn = this.#leased('reconcile', WORKER_TIMEOUT_SECONDS, ['GetItem']);
    storage.landing.grantLook(fn);
    storage.lake.grantRead(fn, ['deliveries', 'runs', 'charges', 'ledgers', 'waterfalls']);
    storage.lake.grantList(fn, ['deliveries']);
    storage.lake.grantWrite(fn, ['runs']);
    return fn;
  }

  /** Moves the pointer, then the published lists; asks for the additions of the period. */
  #publish(): ApportionFunction {
    const { storage, additionsQueue } = this.#props;
    const fn = this.#leased('publish', STEP_TIMEOUT_SECONDS, []);
    storage.lake.grantRead(fn, ['runs', 'published', 'publishedForPartner']);
    storage.lake.grantList(fn, ['published', 'publishedForPartner']);
    storage.lake.grantWrite(fn, ['published', 'publishedForPartner']);
    storage.lake.grantDelete(fn, ['published', 'publishedForPartner']);
    additionsQueue.grantSend(fn, ENV.additionsQueueUrl);
    return fn;
  }

  /** Gives the lease back and asks for what was wanted meanwhile. */
  #releaseLease(): ApportionFunction {
    const fn = new ApportionFunction(this, 'release-lease', this.#props.setting, STEP_TIMEOUT_SECONDS);
    this.#props.storage.runs.grant(fn, ['GetItem', 'UpdateItem']);
    this.#props.intakeQueue.grantSend(fn, ENV.intakeQueueUrl);
    return fn;
  }
}
