import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { deleteRule } from '../../../lib/contracts/rules/delete-rule.ts';
import { getRule } from '../../../lib/contracts/rules/get-rule.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { reorderRules } from '../../../lib/contracts/rules/reorder-rules.ts';
import { updateRule } from '../../../lib/contracts/rules/update-rule.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

const LIST_PLUS_FIVE = {
  name: 'List plus five',
  type: 'adjust_to_list',
  startDate: '2025-03-01',
  customers: 'all',
  offsetPercent: '5',
} as const;
const FEE = {
  name: 'Management fee',
  type: 'charge',
  startDate: '2025-03-01',
  endDate: '2025-03-31',
  customers: 'all',
  amount: '300',
  serviceName: 'Managed services',
} as const;

let world: ApiWorld;
let api: ApiCaller;
const opened: ApiWorld[] = [];

beforeEach(async () => {
  world = await openApiWorld();
  opened.push(world);
  api = apiCaller(world);
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const create = async (rule: object) => (await api.call(createRule, { body: rule })).body;
const refused = (rule: object) => api.refused(createRule, { body: rule });
/** A rule without these fields. */
const without = (rule: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(rule).filter(([name]) => !names.includes(name)));

describe('Rules', () => {
  test('are answered with what the server keeps of them, and their meaning in words', async () => {
    const made = await create(LIST_PLUS_FIVE);
    expect(made).toMatchObject({
      version: 1,
      order: 1,
      createdAt: '2025-03-15T12:00:00.001Z',
      createdBy: 'first-partner',
    });
    expect(made.rule).toEqual({ ...LIST_PLUS_FIVE, enabled: true });
    expect(made.explanation).toContain('list price plus 5 %');
    expect((await api.call(getRule, { params: { ruleId: made.id } })).body).toEqual(made);
  });

  test('take a JSON number for a percentage and answer a string', async () => {
    const { rule } = await create({ ...LIST_PLUS_FIVE, offsetPercent: 12.5 });
    expect(rule).toMatchObject({ offsetPercent: '12.5' });
  });

  test('BR-01 without a name or start date are refused field by field; an end date may be absent', async () => {
    const problem = await refused(without(LIST_PLUS_FIVE, 'name', 'startDate'));
    expect(problem).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(problem.errors?.map(({ pointer }) => pointer).sort()).toEqual(['/name', '/startDate']);
    expect((await create(LIST_PLUS_FIVE)).rule.endDate).toBeUndefined();
  });

  test('VM-23 without a start date are refused', async () => {
    expect(await refused(without(LIST_PLUS_FIVE, 'startDate'))).toMatchObject({
      status: 422,
      errors: [{ pointer: '/startDate' }],
    });
  });

  test('BR-02 that end before they start are refused', async () => {
    expect(await refused({ ...LIST_PLUS_FIVE, endDate: '2025-02-28' })).toMatchObject({
      status: 422,
      code: 'end_before_start',
    });
  });

  test('BR-15 that name nobody are refused: none is not all', async () => {
    for (const rule of [{ ...LIST_PLUS_FIVE, customers: [] }, without(LIST_PLUS_FIVE, 'customers')])
      expect(await refused(rule)).toMatchObject({ status: 422, code: 'scope_required' });
  });

  test('BR-17 that name all and some are refused', async () => {
    const { body } = await api.call(createCustomer, { body: { name: 'T1' } });
    for (const customers of [['all', body.id], ['all'], [body.id, 'all']])
      expect(await refused({ ...LIST_PLUS_FIVE, customers })).toMatchObject({ status: 422, code: 'scope_conflict' });
  });

  test('that name a customer there is not are 404, and one named twice is named once', async () => {
    expect(await refused({ ...LIST_PLUS_FIVE, customers: ['cus_000000000000'] })).toMatchObject({ status: 404 });
    const { body } = await api.call(createCustomer, { body: { name: 'T1' } });
    expect((await create({ ...LIST_PLUS_FIVE, customers: [body.id, body.id] })).rule.customers).toEqual([body.id]);
  });

  test('VM-17 take their type in any case of letters, refuse an unknown one, and keep the one they have', async () => {
    const made = await create({ ...LIST_PLUS_FIVE, type: 'Adjust_To_List' });
    expect(made.rule.type).toBe('adjust_to_list');
    expect(await refused({ ...LIST_PLUS_FIVE, type: 'discount' })).toMatchObject({
      status: 422,
      errors: [{ pointer: '/type' }],
    });
    const changed = { params: { ruleId: made.id }, body: FEE, ifMatch: '"1"' };
    expect(await api.refused(updateRule, changed)).toMatchObject({ status: 422, code: 'rule_type_immutable' });
  });

  test('VM-22 are data, never SQL', async () => {
    const problem = await refused({ ...LIST_PLUS_FIVE, sqlQuery: 'DELETE FROM costs' });
    expect(problem).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(JSON.stringify(problem.errors)).toContain('sqlQuery');
  });

  test.each(['0', '-300', '0.000', '1e3', '1.0000000000001', 'NaN', 'three'])(
    'charge no amount of %j',
    async (amount) => {
      expect(await refused({ ...FEE, amount })).toMatchObject({ errors: [{ pointer: '/amount' }] });
    },
  );

  test('of more than a store or an answer can hold are refused by their size', async () => {
    const values = Array.from({ length: 100 }, (_, index) => `${index}${'x'.repeat(2000)}`);
    const problem = await refused({ ...LIST_PLUS_FIVE, filter: { field: 'ServiceName', op: 'in', values } });
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '/filter' }] });
  });

  test('get a new version with each change, and the versions before stay', async () => {
    const made = await create(LIST_PLUS_FIVE);
    const params = { ruleId: made.id };
    const body = { ...LIST_PLUS_FIVE, offsetPercent: '7' };
    const changed = await api.call(updateRule, { params, body, ifMatch: '"1"' });
    expect(changed).toMatchObject({ etag: '"2"', body: { version: 2, order: 1, rule: { offsetPercent: '7' } } });
    expect(await api.refused(updateRule, { params, body, ifMatch: '"1"' })).toMatchObject({ status: 412 });
    expect(await api.refused(updateRule, { params, body })).toMatchObject({ status: 428 });
  });

  test('of one version changed by two at once: one change stands, the other is told', async () => {
    const made = await create(LIST_PLUS_FIVE);
    const outcomes = await Promise.allSettled(
      ['1', '2', '3'].map((offsetPercent) =>
        api.call(updateRule, {
          params: { ruleId: made.id },
          body: { ...LIST_PLUS_FIVE, offsetPercent },
          ifMatch: '"1"',
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('precondition_failed');
  });

  test('made by many at once all get a place of their own', async () => {
    const made = await Promise.all(
      Array.from({ length: 4 }, (_, index) => create({ ...LIST_PLUS_FIVE, name: `Rule ${index}` })),
    );
    expect(made.map(({ order }) => order).sort()).toEqual([1, 2, 3, 4]);
    const { items } = (await api.call(listRules)).body;
    expect(items.map(({ order }) => order)).toEqual([1, 2, 3, 4]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(4);
  });

  test('leave no gap in the order when one is deleted, and cannot be deleted on an old version', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.push(await create({ ...LIST_PLUS_FIVE, name }));
    const params = { ruleId: made[1]?.id ?? '' };
    expect(await api.refused(deleteRule, { params, ifMatch: '"2"' })).toMatchObject({ status: 412 });
    await api.call(deleteRule, { params, ifMatch: '"1"' });
    const { items } = (await api.call(listRules)).body;
    expect(items.map(({ rule, order }) => `${order} ${rule.name}`)).toEqual(['1 one', '2 three']);
    expect(await api.refused(deleteRule, { params, ifMatch: '"1"' })).toMatchObject({ status: 404 });
    expect(await api.refused(getRule, { params })).toMatchObject({ status: 404 });
  });

  test('are reordered in one call on the order that was read; a stale one is 412, and numbers stay 1 to n', async () => {
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) ids.push((await create({ ...LIST_PLUS_FIVE, name })).id);
    const { etag } = await api.call(listRules);
    const body = { ruleIds: ids.toReversed() };
    expect(await api.refused(reorderRules, { body })).toMatchObject({ status: 428 });
    const reordered = await api.call(reorderRules, { body, ifMatch: etag });
    expect(reordered.body.items.map(({ rule, order }) => `${order} ${rule.name}`)).toEqual([
      '1 three',
      '2 two',
      '3 one',
    ]);
    expect(await api.refused(reorderRules, { body, ifMatch: etag })).toMatchObject({ status: 412 });
    const again = await api.call(listRules);
    expect(again.etag).toBe(reordered.etag);
    expect(again.body).toEqual(reordered.body);
  });

  test.each([
    ['one missing', (ids: string[]) => ids.slice(1)],
    ['one twice', (ids: string[]) => [...ids, ids[0]]],
    ['one twice for another', (ids: string[]) => [ids[0], ids[0]]],
    ['one unknown', (ids: string[]) => [...ids.slice(1), 'rul_000000000000']],
  ])('are not reordered with %s', async (_, change) => {
    const ids = [(await create(LIST_PLUS_FIVE)).id, (await create(FEE)).id];
    const { etag } = await api.call(listRules);
    const problem = await api.refused(reorderRules, { body: { ruleIds: change(ids) }, ifMatch: etag });
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '/ruleIds' }] });
  });

  test('that change rows ask for the bills of their days, those that add rows for the additions of theirs', async () => {
    for (const [number, period] of ['2025-02', '2025-03', '2025-04'].entries())
      await publishRun(world, {
        integration: 'aws-main',
        period: BillingPeriod.parse(period),
        owners: ['cus_000000000001'],
        number,
      });
    world.asked.length = 0;
    const rule = await create(LIST_PLUS_FIVE);
    expect(world.asked.splice(0).toSorted()).toEqual(['split aws-main 2025-03', 'split aws-main 2025-04']);
    const fee = await create(FEE);
    expect(world.asked.splice(0)).toEqual(['additions 2025-03']);
    const earlier = { ...LIST_PLUS_FIVE, startDate: '2025-02-28', endDate: '2025-02-28' };
    await api.call(updateRule, { params: { ruleId: rule.id }, body: earlier, ifMatch: '"1"' });
    expect(world.asked.splice(0).toSorted()).toEqual([
      'split aws-main 2025-02',
      'split aws-main 2025-03',
      'split aws-main 2025-04',
    ]);
    const switchedOff = { ...earlier, enabled: false };
    await api.call(updateRule, { params: { ruleId: rule.id }, body: switchedOff, ifMatch: '"2"' });
    expect(world.asked.splice(0)).toEqual(['split aws-main 2025-02']);
    await api.call(updateRule, { params: { ruleId: rule.id }, body: { ...switchedOff, name: 'Off' }, ifMatch: '"3"' });
    expect(world.asked).toEqual([]);
    await api.call(deleteRule, { params: { ruleId: fee.id }, ifMatch: '"1"' });
    expect(world.asked.splice(0)).toEqual(['additions 2025-03']);
  });

  test('stand although an ask is lost', async () => {
    const march = BillingPeriod.parse('2025-03');
    await publishRun(world, { integration: 'aws-main', period: march, owners: ['cus_000000000001'], number: 1 });
    world.world.repricing.asks.splitBill = async () => {
      throw new Error('the queue is throttled');
    };
    expect((await create(LIST_PLUS_FIVE)).order).toBe(1);
    expect(world.lost).toHaveLength(1);
  });
});
