import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import type { AccessRecord } from '../../infra/local/iam/gate.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { type BillRow, csvOf } from '../journeys/csv.ts';
import { deliverAnyhow, PATIENT, runOf, until } from '../journeys/deliver-anyhow.ts';
import { editDefinition } from '../journeys/edited-template.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { SMALL_BILL } from '../journeys/small-partner.ts';
import { withoutAction } from './grants.ts';
import { clientsOf, outputOf } from './journey/administrator.ts';
import { publishFirstBill } from './journey/first-bill.ts';
import { PERIOD, registered, upToDate } from './journey/up-to-date.ts';

let product: Product;
let contoso: CustomerId;
const records: AccessRecord[] = [];
const lines: string[] = [];

beforeAll(async () => {
  product = await openEdited({
    // A refused statement is refused again after 5 and 10 seconds.
    edit: (template) =>
      editDefinition(template, 'PipelineSplitSplitBill', ({ state }) => {
        Reflect.deleteProperty(state('CreateDeliveredTable'), 'Retry');
      }),
    machine: { onAccess: (record) => records.push(record), onLog: ({ line }) => lines.push(line) },
  });
  contoso = (await publishFirstBill(product)).get('Contoso') ?? contoso;
});
afterAll(() => product?.close());

/** A refusal is waited for, and the next bill. */
const PATIENT_TWICE = { timeout: 2 * PATIENT.timeout } as const;

let bills = 0;
/** Bills of one row more or less, so that none is the same content again. */
function nextBill(): readonly BillRow[] {
  bills += 1;
  return SMALL_BILL.map((row) => ({ ...row, ChargeDescription: `bill ${bills}` }));
}

/** Takes an action (to resources whose name has `resource`) from a holder while the machine runs, as IAM lets one do, and gives it back afterwards. */
async function without<Seen>(holder: string, action: string, see: () => Promise<Seen>, resource = ''): Promise<Seen> {
  const { rights, stack } = product.machine;
  const before = records.length;
  rights.use(withoutAction(stack, holder, action, resource));
  const seen = await see().finally(() => rights.use(stack));
  const refused = records.slice(before).filter(({ decision }) => !decision.allowed);
  expect(new Set(refused.map(({ access }) => access.action))).toEqual(new Set([action]));
  return seen;
}

const refusalOf = (action: string) => new RegExp(`is not authorized to perform: ${action} on resource`);
const logged = (action: string) =>
  until(`a log tells of ${action}`, async () => lines.find((line) => refusalOf(action).test(line)));

/** With all grants again the next bill is published: nothing was left behind that stops it. */
async function nextIsPublished(): Promise<void> {
  await registered(product, 'bill.csv', csvOf(nextBill()));
  await upToDate(product);
}

describe('with one grant taken out, the product stops there, says why, and goes on when it is given back', () => {
  test('a function: ReadManifest may not write', PATIENT_TWICE, async () => {
    const { status, reason } = await without('PipelineReceiveReadManifest', 's3:PutObject', () =>
      deliverAnyhow(product, 'acme', [{ key: 'acme/bill.csv', text: csvOf(nextBill()) }]),
    );
    expect([status, reason?.code]).toEqual(['Failed', 'internal']);
    expect(await logged('s3:PutObject')).toContain('ReadManifest');
    await nextIsPublished();
  });

  test('a state machine: ReceiveBill may not call ReadManifest', PATIENT_TWICE, async () => {
    const { id, status, reason } = await without(
      'PipelineReceiveReceiveBill',
      'lambda:InvokeFunction',
      () => deliverAnyhow(product, 'acme', [{ key: 'acme/bill.csv', text: csvOf(nextBill()) }]),
      'PipelineReceiveReadManifest',
    );
    expect([status, reason?.code]).toEqual(['Failed', 'internal']);
    const executionArn = outputOf(product, OUTPUTS.receiveBillArn).replace(':stateMachine:', ':execution:');
    const execution = await clientsOf(product).sfn.send(
      new DescribeExecutionCommand({ executionArn: `${executionArn}:${id}` }),
    );
    expect(execution.cause).toMatch(refusalOf('lambda:InvokeFunction'));
    await nextIsPublished();
  });

  test('Athena, with the rights of SplitBill: it may not make the run’s table', PATIENT_TWICE, async () => {
    const run = await without('PipelineSplitSplitBill', 'glue:CreateTable', async () =>
      runOf(product, await deliverAnyhow(product, 'acme', [{ key: 'acme/bill.csv', text: csvOf(nextBill()) }])),
    );
    expect([run.status, run.reason?.code]).toEqual(['Failed', 'query_failed']);
    expect(run.reason?.detail).toMatch(refusalOf('glue:CreateTable'));
    await nextIsPublished();
  });

  test('EventBridge: it may not send to the intake queue, and the event is a dead letter', PATIENT_TWICE, async () => {
    const undelivered = outputOf(product, OUTPUTS.undeliveredQueueUrl).replace(/^.*\//, '');
    await without('PipelineIntakeQueuePolicy', 'sqs:SendMessage', async () => {
      await deliver(product.machine, [{ key: 'acme/bill.csv', text: csvOf(nextBill()) }]);
      await until('the event is a dead letter', async () =>
        (await product.machine.sqs.messagesHeld()).get(undelivered) === undefined ? undefined : true,
      );
    });
    expect(await logged('sqs:SendMessage')).toContain('PipelineObjectLanded');
    await nextIsPublished();
  });

  test('API Gateway: it may not call the API’s function, and callers are told no more than that', async () => {
    const answer = await without('ApiEverythingApiIntegrationPermission', 'lambda:InvokeFunction', () =>
      product.api.call(listRules).catch((error: unknown) => error),
    );
    expect(answer).toMatchObject({ status: 500 });
    await product.api.call(listRules);
  });

  test('a customer’s reader: Athena may not look at the customer’s table', async () => {
    const costs = () => product.api.call(getCosts, { query: { period: PERIOD, customerId: contoso, groupBy: 'day' } });
    const answer = await without('ApiCustomerReader', 'glue:GetTable', () => costs().catch((error: unknown) => error));
    expect(answer).toMatchObject({ status: 500, code: 'internal' });
    expect(await logged('glue:GetTable')).toContain('PERMISSION_DENIED');
    expect((await costs()).body).toMatchObject({ period: PERIOD });
  });
});
