import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { deliverAnyhow, PATIENT, runOf, until } from './deliver-anyhow.ts';
import { type EditedTemplate, editDefinition, propertiesOf, removeResource } from './edited-template.ts';
import { endedExecutionOf, executionsOf } from './execution-of.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';

const BILL = [{ key: 'acme/bill.csv', text: bill([{}, { BilledCost: '2' }]) }];

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
  product = undefined;
});

async function open(edit: (template: EditedTemplate) => void): Promise<Product> {
  product = await openEdited({ edit });
  await product.connect('acme');
  return product;
}

const register = async (opened: Product) => {
  const delivery = await deliverAnyhow(opened, 'acme', BILL);
  expect(delivery).toMatchObject({ status: 'Registered', reason: null });
  return delivery;
};
const published = async ({ api }: Product) => (await api.call(listPeriods)).body.items.map((one) => one.published);
/** Lines that a function has written, found by the name of its construct. */
const logOf = async ({ machine, folder }: Product, idStart: string) => {
  const { name } = machine.resource('AWS::Lambda::Function', idStart);
  return (await readFile(join(folder, 'machine/logs', `${name}.log`), 'utf8').catch(() => '')).split('\n');
};
const removeVariable = (template: EditedTemplate, idStart: string, name: string) => {
  const { Variables } = propertiesOf(template, 'AWS::Lambda::Function', idStart).Environment as {
    Variables: Record<string, unknown>;
  };
  expect(Variables).toHaveProperty(name);
  Reflect.deleteProperty(Variables, name);
};

describe('the synthesized template is what runs: edit its JSON, and the run changes with it', PATIENT, () => {
  test('without the rule for landed objects nothing runs', async () => {
    const opened = await open((template) => removeResource(template, 'AWS::Events::Rule', 'PipelineObjectLanded'));
    await deliver(opened.machine, BILL);
    await sleep(1500);
    expect((await opened.api.call(listDeliveries)).body.items).toEqual([]);
    expect(await executionsOf(opened.machine, 'receiveBillArn')).toEqual([]);
    expect(await logOf(opened, 'PipelineStartRun')).toEqual(['']);
  });

  test('another Next in a definition is another path: without Reconcile and Publish nothing is published', async () => {
    const opened = await open((template) =>
      editDefinition(template, 'PipelineSplitSplitBill', ({ state }) => {
        expect(state('PriceShards').Next).toBe('Reconcile');
        state('PriceShards').Next = 'ReleaseLease';
      }),
    );
    await register(opened);
    const [runId = ''] = await until('a run has begun', async () => {
      const names = await executionsOf(opened.machine, 'splitBillArn');
      return names.length === 0 ? undefined : names;
    });
    const { states } = await endedExecutionOf(opened.machine, 'splitBillArn', runId);
    expect(states.slice(states.indexOf('PriceShards'))).toEqual([
      'PriceShards',
      'PriceShard',
      'ReleaseLease',
      'BillPublished',
      'Published',
    ]);
    expect(await published(opened)).toEqual([null]);
  });

  test('without a variable PlanShards fails by name, and the run says at which step', async () => {
    const opened = await open((template) => removeVariable(template, 'PipelineSplitPlanShards', 'LAKE_BUCKET'));
    const run = await runOf(opened, await register(opened));
    const execution = await endedExecutionOf(opened.machine, 'splitBillArn', run.id);
    expect(execution.states.at(-4)).toBe('PlanShards');
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Failed' });
    expect(execution.cause).toContain('the environment variable LAKE_BUCKET is not set');
    expect((await logOf(opened, 'PipelineSplitPlanShards')).join()).toContain('LAKE_BUCKET is not set');
    expect(run).toMatchObject({ status: 'Failed', step: 'PlanShards', reason: { code: 'internal' } });
    expect(run.reason?.detail).toContain(run.id);
    expect(await published(opened)).toEqual([null]);
  });

  test('without a variable ReadManifest fails by name, and the delivery says so', async () => {
    const opened = await open((template) =>
      removeVariable(template, 'PipelineReceiveReadManifest', 'MANIFEST_GRACE_SECONDS'),
    );
    const delivery = await deliverAnyhow(opened, 'acme', BILL);
    const execution = await endedExecutionOf(opened.machine, 'receiveBillArn', delivery.id);
    expect(execution.cause).toContain('the environment variable MANIFEST_GRACE_SECONDS is not set');
    expect(delivery).toMatchObject({ status: 'Failed', step: 'ReadManifest', reason: { code: 'internal' } });
  });

  test('with maxReceiveCount 1 a worker’s message goes to the dead letters after one attempt', async () => {
    const opened = await open((template) => {
      const { RedrivePolicy } = propertiesOf(template, 'AWS::SQS::Queue', 'PipelinePriceQueue');
      expect(RedrivePolicy).toMatchObject({ maxReceiveCount: 3 });
      Object.assign(RedrivePolicy ?? {}, { maxReceiveCount: 1 });
      editDefinition(template, 'PipelineSplitSplitBill', ({ state }) => {
        const { States } = state('PriceShards').ItemProcessor as { States: { PriceShard: Worker } };
        States.PriceShard.Retry = [];
        States.PriceShard.Arguments.MessageBody.planKey = 'runs/none/plan.json';
      });
    });
    const run = await runOf(opened, await register(opened));
    expect(run).toMatchObject({ status: 'Failed', step: 'PriceShards', reason: { code: 'worker_failed' } });
    expect(run.reason?.detail).toContain('step: PriceShards');
    const attempts = (await logOf(opened, 'PipelineSplitPriceShard')).filter((line) => line.includes('broke off'));
    expect(attempts).toHaveLength(1);
    expect(await published(opened)).toEqual([null]);
  });

  test('without the worker’s mapping its message stays in the queue and the run waits', async () => {
    const opened = await open((template) =>
      removeResource(template, 'AWS::Lambda::EventSourceMapping', 'PipelineSplitPriceShard'),
    );
    await register(opened);
    const queue = String(opened.machine.outputs[OUTPUTS.priceQueueUrl]).replace(/^.*\//, '');
    const held = await until('a message waits', async () => (await opened.machine.sqs.messagesHeld()).get(queue));
    await sleep(500);
    expect([held, (await opened.machine.sqs.messagesHeld()).get(queue)]).toEqual([1, 1]);
    expect((await opened.api.call(listRuns)).body.items).toMatchObject([{ status: 'Running' }]);
  });
});

interface Worker {
  Retry: readonly unknown[];
  readonly Arguments: { readonly MessageBody: Record<string, unknown> };
}
