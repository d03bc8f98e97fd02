import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import { BillMachine, grantAnswer } from './bill-machine.ts';
import { receiveBillDefinition } from './state-machines/receive-bill-definition.ts';
import type { Storage } from './storage.ts';
import { STATE_GRACE_SECONDS, STEP_TIMEOUT_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What ReceiveBill is given. */
export interface ReceiveBillProps {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly convertQueue: WorkQueue;
  readonly intakeQueue: WorkQueue;
  readonly closeRun: ApportionFunction;
}

/** ReceiveBill: its functions, its worker and its state machine. */
export class ReceiveBill extends Construct {
  readonly machine: BillMachine;
  readonly convertFiles: ApportionFunction;

  constructor(scope: Construct, id: string, props: ReceiveBillProps) {
    super(scope, id);
    const readManifest = this.#readManifest(props);
    this.convertFiles = this.#convertFiles(props);
    const registerDelivery = this.#registerDelivery(props);
    const { parameters } = props.setting;
    this.machine = new BillMachine(
      this,
      'ReceiveBill',
      receiveBillDefinition({
        readManifestArn: readManifest.lambda.functionArn,
        registerDeliveryArn: registerDelivery.lambda.functionArn,
        closeRunArn: props.closeRun.lambda.functionArn,
        convertQueueUrl: props.convertQueue.queue.queueUrl,
        maximumConcurrency: parameters.maximumConcurrency.valueAsNumber,
        stepTimeoutSeconds: STEP_TIMEOUT_SECONDS + STATE_GRACE_SECONDS,
      }),
    );
    this.machine.grantInvoke([readManifest, registerDelivery, props.closeRun]);
    this.machine.grantSend(props.convertQueue);
  }

  /** Reads the manifest and which of its files are there; freezes the list and cuts it into batches. */
  #readManifest({ setting, storage }: ReceiveBillProps): ApportionFunction {
    const fn = new ApportionFunction(this, 'read-manifest', setting, STEP_TIMEOUT_SECONDS);
    storage.landing.grantLook(fn);
    storage.landing.grantRead(fn);
    storage.lake.grantWrite(fn, ['deliveries']);
    storage.registry.grant(fn, ['GetItem']);
    storage.runs.grant(fn, ['GetItem', 'PutItem', 'UpdateItem']);
    fn.setEnvironment({ [ENV.manifestGraceSeconds]: setting.parameters.manifestGraceSeconds.valueAsString });
    return fn;
  }

  /** Checks one batch of delivered files and makes Parquet of text. */
  #convertFiles({ setting, storage, convertQueue }: ReceiveBillProps): ApportionFunction {
    const fn = new ApportionFunction(this, 'convert-files', setting, WORKER_TIMEOUT_SECONDS);
    storage.landing.grantRead(fn);
    storage.lake.grantRead(fn, ['deliveries']);
    storage.lake.grantUpload(fn, ['deliveries']);
    grantAnswer(fn, 'ReceiveBill', ['Success', 'Failure', 'Heartbeat']);
    convertQueue.feed(fn, setting.parameters.maximumConcurrency.valueAsNumber);
    return fn;
  }

  /** Notes periods and sub accounts of the delivery, raises what is wanted, and asks for SplitBill. */
  #registerDelivery({ setting, storage, intakeQueue }: ReceiveBillProps): ApportionFunction {
    const fn = new ApportionFunction(this, 'register-delivery', setting, STEP_TIMEOUT_SECONDS);
    storage.lake.grantRead(fn, ['deliveries']);
    storage.lake.grantWrite(fn, ['deliveries']);
    storage.registry.grant(fn, ['UpdateItem']);
    storage.runs.grant(fn, ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem']);
    intakeQueue.grantSend(fn, ENV.intakeQueueUrl);
    return fn;
  }
}
