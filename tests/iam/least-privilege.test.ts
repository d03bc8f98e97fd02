import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import type { AccessRecord } from '../../infra/local/iam/gate.ts';
import { stackPolicies } from '../../infra/local/iam/stack-policies.ts';
import type { Stack } from '../../infra/local/template/resolve-stack.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { previewRule } from '../../lib/contracts/rules/preview-rule.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { csvOf } from '../journeys/csv.ts';
import { until } from '../journeys/deliver-anyhow.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { SMALL_BILL } from '../journeys/small-partner.ts';
import {
  editDuringRun,
  mendWhatCrashed,
  publishFirstBill,
  publishParquet,
  refuseAndRelease,
  rollBackAndForth,
  sendStrangeMessages,
  useTheApi,
} from './full-journey.ts';
import { type Grant, grantsOf, withoutAction, withoutGrant } from './grants.ts';
import { UNMET } from './unmet-grants.ts';

/** Beyond this the journey has stood still. */
const JOURNEY_SECONDS = 600;

let product: Product;
let stack: Stack;
let contoso: CustomerId;
const records: AccessRecord[] = [];
const lines: string[] = [];

const roleOf = ({ principal }: AccessRecord) => (principal.kind === 'role' ? principal.roleArn : principal.kind);
const isDenied = (record: AccessRecord, roleStart: string, action: string) =>
  !record.decision.allowed && record.access.action === action && roleOf(record).includes(`-${roleStart}`);

/** On demand (`EVERY_GRANT=1 npx vitest run tests/iam/least-privilege.test.ts`): it has not been seen to end within five minutes. */
const isAsked = process.env.EVERY_GRANT === '1';
const ON_DEMAND = isAsked ? '' : ' (skipped: not seen to end in five minutes; EVERY_GRANT=1 asks for it)';

beforeAll(async () => {
  if (!isAsked) return;
  product = await openEdited({
    machine: {
      eventRetrySeconds: [0, 0],
      onAccess: (record) => records.push(record),
      onLog: ({ line }) => lines.push(line),
    },
  });
  ({ stack } = product.machine);
  const ids = await publishFirstBill(product);
  const fabrikam = ids.get('Fabrikam');
  contoso = ids.get('Contoso') ?? contoso;
  if (fabrikam === undefined) throw new Error('Fabrikam was not made');
  await publishParquet(product);
  await useTheApi(product, ids);
  await rollBackAndForth(product);
  await editDuringRun(product, () =>
    records.some((one) => /ReleaseLease/.test(roleOf(one)) && one.access.action === 'dynamodb:Query'),
  );
  await refuseAndRelease(product);
  await sendStrangeMessages(product);
  await mendWhatCrashed(product, fabrikam);
  // What nobody can read comes again after ten seconds, and what CloseRun gave up is a dead letter.
  await until('the last of it is done', async () =>
    records.some((one) => /CloseRun/.test(roleOf(one)) && one.access.resource.includes('Undelivered'))
      ? true
      : undefined,
  );
  await until('a token of a dead task is failed', async () =>
    records.filter(({ access }) => access.action === 'states:SendTaskFailure').length >= 3 ? true : undefined,
  );
}, JOURNEY_SECONDS * 1000);
afterAll(() => product?.close());

const name = ({ role, action, resource }: Grant) => `${role} ${action} ${resource}`;

describe.skipIf(!isAsked)(`all that the product does, by the template’s own policies${ON_DEMAND}`, () => {
  test('is allowed: nothing was refused', () => {
    const refused = records.filter(({ decision }) => !decision.allowed);
    expect(new Set(refused.map((one) => `${roleOf(one)} ${one.access.action} ${one.access.resource}`))).toEqual(
      new Set(),
    );
  });

  test('needs every grant: without it a call is refused, or it stands on the list of what is not met here', () => {
    const distinct = [...new Map(records.map((one) => [JSON.stringify([one.principal, one.access]), one])).values()];
    const byRole = Map.groupBy(distinct, roleOf);
    const unneeded = grantsOf(stack).filter((grant) => {
      const policies = stackPolicies(withoutGrant(stack, grant));
      const calls = byRole.get(stack.resources.get(grant.role)?.arn ?? '') ?? [];
      return calls.every(({ principal, access }) => policies.decide(principal, access).allowed);
    });
    expect(unneeded.filter((grant) => !UNMET.some(({ is }) => is(grant))).map(name)).toEqual([]);
    expect(UNMET.filter(({ is }) => !unneeded.some(is)).map(({ reason }) => reason)).toEqual([]);
  });
});

/** Takes an action from a role while the machine runs, as IAM lets one do, and puts it back afterwards. */
async function without(roleStart: string, action: string, act: () => Promise<unknown>): Promise<void> {
  const less = withoutAction(stack, roleStart, action);
  expect(less, `${roleStart} has no ${action}`).not.toBe(stack);
  const before = records.length;
  product.machine.rights.use(less);
  try {
    await act().catch(() => undefined);
    await until(`${roleStart} is refused ${action}`, async () =>
      records.slice(before).find((record) => isDenied(record, roleStart, action)),
    );
  } finally {
    product.machine.rights.use(stack);
  }
}

/** A line that a function or a stand-in wrote of a refusal. */
const told = (action: string) =>
  lines.some((line) => line.includes(`is not authorized to perform: ${action} on resource`));

let bills = 0;
const deliverBill = () => {
  bills += 1;
  return deliver(product.machine, [{ key: 'acme/bill.csv', text: csvOf(SMALL_BILL.slice(bills % 3)) }]);
};
const changeRules = () => {
  bills += 1;
  const rule = {
    name: `Change ${bills}`,
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '1',
    startDate: '2025-01-01',
    customers: 'all',
  };
  return product.api.call(createRule, { body: rule as never });
};
const readCosts = () =>
  product.api.call(getCosts, { query: { period: '2025-03', customerId: contoso, groupBy: 'day' } });
const preview = () =>
  product.api.call(previewRule, {
    body: {
      rule: { name: 'x', type: 'charge', amount: '1', serviceName: 'x', startDate: '2025-01-01', customers: 'all' },
      period: '2025-03',
    } as never,
  });

describe.skipIf(!isAsked)(
  `on the machine, with one grant of a role out of the JSON, the product stops there and says why${ON_DEMAND}`,
  () => {
    test.each<[role: string, action: string, act: () => Promise<unknown>]>([
      ['PipelineStartRun', 'states:StartExecution', deliverBill],
      ['PipelineReceiveReceiveBill', 'lambda:InvokeFunction', deliverBill],
      ['PipelineReceiveReadManifest', 's3:PutObject', deliverBill],
      ['PipelineReceiveConvertFiles', 's3:GetObjectVersion', deliverBill],
      ['PipelineReceiveRegisterDelivery', 'dynamodb:UpdateItem', deliverBill],
      ['PipelineSplitAcquireLease', 's3:PutObject', changeRules],
      ['PipelineSplitSplitBill', 'glue:CreateTable', changeRules],
      ['PipelineSplitPlanShards', 'athena:GetQueryResults', changeRules],
      ['PipelineSplitPriceShard', 's3:ListBucket', changeRules],
      ['PipelineSplitReconcile', 's3:PutObject', changeRules],
      ['PipelineSplitPublish', 'sqs:SendMessage', changeRules],
      ['PipelineSplitReleaseLease', 'dynamodb:UpdateItem', changeRules],
      ['PipelinePriceAdditions', 's3:PutObject', changeRules],
      ['PipelineCloseRun', 'glue:DeleteTable', changeRules],
      ['PipelineWriteLists', 'sqs:ReceiveMessage', async () => undefined],
      ['PipelineFailDeadTask', 'sqs:ReceiveMessage', async () => undefined],
      ['ApiRole', 'sts:AssumeRole', readCosts],
      ['ApiCustomerReader', 'glue:GetTable', readCosts],
      ['ApiPreviewRules', 's3:GetObject', preview],
    ])('%s without %s', { timeout: 200_000 }, async (role, action, act) => {
      await without(role, action, act);
      await until(`somebody is told of ${action}`, async () => (told(action) ? true : undefined));
    });
  },
);
