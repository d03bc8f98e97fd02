import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { deliver } from '../../../infra/cli/deliver.ts';
import { OWNER_CREDENTIALS } from '../../../infra/local/machine/sdk-environment.ts';
import { getDelivery } from '../../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../../lib/contracts/deliveries/list-deliveries.ts';
import { releaseDelivery } from '../../../lib/contracts/deliveries/release-delivery.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { redriveRun } from '../../../lib/contracts/runs/redrive-run.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { bill } from '../../lib/pipeline/receive-bill/small-bill.ts';
import { until } from '../deliver-anyhow.ts';
import type { MachineName } from '../execution-of.ts';
import type { WatchedMachine } from './watched-machine.ts';

/** A fault as an operator meets it: what goes wrong, which alarms ring, what makes it well again. */
export interface Fault {
  /** Alarms that ring by it, and no others. */
  readonly rings: readonly string[];
  plant(watched: WatchedMachine): Promise<unknown>;
  mend?(watched: WatchedMachine): Promise<unknown>;
}

type QueueOutput = Extract<keyof typeof OUTPUTS, `${string}QueueUrl`>;

const sqsOf = ({ product: { machine } }: WatchedMachine) =>
  new SQSClient({ endpoint: machine.endpoints.SQS, region: machine.region, credentials: OWNER_CREDENTIALS });
const urlOf = ({ product }: WatchedMachine, output: QueueOutput) => String(product.machine.outputs[OUTPUTS[output]]);

/** A message lies in a queue until it is taken away. */
const lying = (output: QueueOutput, MessageBody: string) => ({
  plant: (watched: WatchedMachine) =>
    sqsOf(watched).send(new SendMessageCommand({ QueueUrl: urlOf(watched, output), MessageBody })),
  mend: (watched: WatchedMachine) => sqsOf(watched).send(new PurgeQueueCommand({ QueueUrl: urlOf(watched, output) })),
});

/** A message that nobody receives waits for longer than it may. */
const waiting = (name: string, output: QueueOutput, minutes: number): Fault => ({
  ...lying(output, '{}'),
  rings: [name],
  plant: async (watched) => {
    await lying(output, '{}').plant(watched);
    await watched.pass(minutes - 5);
    if (watched.ringing().includes(name)) throw new Error(`${name} rings early`);
    await watched.pass(10);
  },
});

/** An execution that somebody stops. */
const aborted = (name: string, machineName: MachineName): Fault => ({
  rings: [name],
  plant: async ({ product: { machine } }) => {
    const sfn = new SFNClient({
      endpoint: machine.endpoints.SFN,
      region: machine.region,
      credentials: OWNER_CREDENTIALS,
    });
    const stateMachineArn = String(machine.outputs[OUTPUTS[machineName]]);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
    await sfn.send(new StopExecutionCommand({ executionArn }));
  },
});

/** Faults on a machine whose work queues have no consumer, by the runbook's heading. */
export const FAULTS_AT_REST: Readonly<Record<string, Fault>> = {
  'work-in-intake-dlq': { rings: ['work-in-intake-dlq'], ...lying('intakeDeadLetterQueueUrl', '{}') },
  'work-in-additions-dlq': { rings: ['work-in-additions-dlq'], ...lying('additionsDeadLetterQueueUrl', '{}') },
  'work-in-lists-dlq': { rings: ['work-in-lists-dlq'], ...lying('listsDeadLetterQueueUrl', '{}') },
  'work-in-previews-dlq': { rings: ['work-in-previews-dlq'], ...lying('previewsDeadLetterQueueUrl', '{}') },
  'work-in-convert-dlq': {
    rings: ['work-in-convert-dlq', 'worker-gave-up'],
    ...lying('convertDeadLetterQueueUrl', 'no token'),
  },
  'work-in-price-dlq': {
    rings: ['work-in-price-dlq', 'worker-gave-up'],
    ...lying('priceDeadLetterQueueUrl', 'no token'),
  },
  'worker-gave-up': {
    rings: ['worker-gave-up'],
    plant: lying('priceDeadLetterQueueUrl', '{"token":"of a run that has ended","runId":"run_1","shard":0}').plant,
  },
  'old-work-in-intake': waiting('old-work-in-intake', 'intakeQueueUrl', 30),
  'old-work-in-convert': waiting('old-work-in-convert', 'convertQueueUrl', 60),
  'old-work-in-price': waiting('old-work-in-price', 'priceQueueUrl', 60),
  'old-work-in-additions': waiting('old-work-in-additions', 'additionsQueueUrl', 60),
  'old-work-in-lists': waiting('old-work-in-lists', 'listsQueueUrl', 30),
  'old-work-in-previews': waiting('old-work-in-previews', 'previewsQueueUrl', 60),
  'receive-bill-failed': aborted('receive-bill-failed', 'receiveBillArn'),
  'split-bill-failed': aborted('split-bill-failed', 'splitBillArn'),
  'function-errors': {
    rings: ['function-errors'],
    plant: ({ product: { machine }, redeploy }) => machine.lambda.invoke(redeploy('PipelineCloseRun').name, '{}'),
  },
  'function-throttles': {
    rings: ['function-throttles'],
    plant: async ({ product: { machine }, redeploy }) => {
      const { name } = redeploy('PipelineCloseRun', { concurrencyMax: 0 });
      const refused = await machine.lambda.invoke(name, '{}').catch((problem: unknown) => String(problem));
      if (!String(refused).includes('Rate Exceeded')) throw new Error('the call was not throttled');
    },
    mend: async ({ redeploy }) => redeploy('PipelineCloseRun'),
  },
  'api-5xx': {
    rings: ['api-5xx'],
    plant: async ({ product, redeploy }) => {
      const { variables } = redeploy('ApiFunction');
      redeploy('ApiFunction', { variables: { ...variables, RUNS_TABLE: 'none' } });
      await product.api.call(listRuns).catch(() => undefined);
    },
    mend: async ({ redeploy }) => redeploy('ApiFunction'),
  },
  'undelivered-events': {
    rings: ['undelivered-events'],
    plant: async (watched) => {
      await sqsOf(watched).send(new DeleteQueueCommand({ QueueUrl: urlOf(watched, 'intakeQueueUrl') }));
      await deliver(watched.product.machine, [{ key: 'acme/bill.csv', text: bill([{}]) }]);
    },
    mend: lying('undeliveredQueueUrl', '').mend,
  },
};

/** Breaks a function until it is deployed again: it looks for its records in a table that is not there. */
const withoutTable = ({ redeploy }: WatchedMachine, construct: string) => {
  const { variables } = redeploy(construct);
  redeploy(construct, { variables: { ...variables, RUNS_TABLE: 'none' } });
};

/** A bill unlike all before it. */
let bills = 0;
const nextBill = (integrationId: string) => {
  bills += 1;
  return [{ key: `${integrationId}/bill.csv`, text: bill([{ BilledCost: String(bills) }]) }];
};
const published = ({ product }: WatchedMachine, integrationId: string, before: readonly string[] = []) =>
  until(`a run of ${integrationId} is published`, async () => {
    const { items } = (await product.api.call(listRuns, { query: { integrationId } })).body;
    return items.find(({ id, status }) => status === 'Published' && !before.includes(id));
  });
const runsOfAcme = async ({ product }: WatchedMachine) =>
  (await product.api.call(listRuns, { query: { integrationId: 'acme' } })).body.items.map(({ id }) => id);
const failedRun = ({ product }: WatchedMachine) =>
  until('a run has failed', async () =>
    (await product.api.call(listRuns)).body.items.find(({ status }) => status === 'Failed'),
  );

/** Faults on a machine at work, by the runbook's heading; each is mended as the runbook says. */
export const FAULTS_AT_WORK: Readonly<Record<string, Fault>> = {
  'A run failed': {
    rings: ['split-bill-failed'],
    plant: async (watched) => {
      withoutTable(watched, 'PipelineSplitPlanShards');
      await deliver(watched.product.machine, nextBill('acme'));
      await failedRun(watched);
    },
    mend: async (watched) => {
      const { id } = await failedRun(watched);
      const before = await runsOfAcme(watched);
      watched.redeploy('PipelineSplitPlanShards');
      await watched.product.api.call(redriveRun, { params: { runId: id } });
      await published(watched, 'acme', before);
    },
  },
  'A run is quarantined': {
    rings: ['receive-bill-failed', 'run-quarantined'],
    plant: async (watched) => {
      await deliver(watched.product.machine, nextBill('later'));
      await quarantinedDelivery(watched);
    },
    mend: async (watched) => {
      const { id } = await quarantinedDelivery(watched);
      await watched.product.connect('later');
      await watched.product.api.call(releaseDelivery, { params: { deliveryId: id } });
      await published(watched, 'later');
      const { status, attempts } = (await watched.product.api.call(getDelivery, { params: { deliveryId: id } })).body;
      if (status !== 'Registered' || attempts !== 2) throw new Error(`the delivery is ${status}, attempt ${attempts}`);
    },
  },
  'run-quarantined': {
    rings: ['receive-bill-failed', 'run-quarantined'],
    plant: ({ product }) => deliver(product.machine, [{ key: 'acme/broken.csv', text: 'no,bill\n1,2\n' }]),
  },
  'Work in a dead-letter queue': {
    rings: ['work-in-intake-dlq'],
    plant: async (watched) => {
      withoutTable(watched, 'PipelineStartRun');
      await deliver(watched.product.machine, nextBill('acme'));
      const { name } = watched.product.machine.resource('AWS::SQS::Queue', 'PipelineIntakeDeadLetters');
      await until('the event is a dead letter', async () =>
        (await watched.product.machine.sqs.depths()).get(name)?.visible === 1 ? true : undefined,
      );
    },
    mend: async (watched) => {
      const before = await runsOfAcme(watched);
      watched.redeploy('PipelineStartRun');
      await moveBack(watched, 'intakeDeadLetterQueueUrl', 'intakeQueueUrl');
      await published(watched, 'acme', before);
    },
  },
  'no-delivery-for-36-hours': {
    rings: ['no-delivery-for-36-hours'],
    plant: (watched) => watched.pass(39 * 60),
    mend: async (watched) => {
      const before = await runsOfAcme(watched);
      await deliver(watched.product.machine, nextBill('acme'));
      await published(watched, 'acme', before);
    },
  },
};

const quarantinedDelivery = ({ product }: WatchedMachine) =>
  until('a delivery is quarantined', async () =>
    (await product.api.call(listDeliveries, { query: { integrationId: 'later' } })).body.items.find(
      ({ status }) => status === 'Quarantined',
    ),
  );

/** What StartMessageMoveTask does. */
async function moveBack(watched: WatchedMachine, from: QueueOutput, to: QueueOutput): Promise<void> {
  const sqs = sqsOf(watched);
  const QueueUrl = urlOf(watched, from);
  const message = await until('a message lies there', async () => {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages?.[0];
  });
  await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(watched, to), MessageBody: message.Body }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
}
