import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import { reorderRules } from '../../../lib/contracts/rules/reorder-rules.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import type { RowOfTest } from '../rules/delivered-table.ts';
import { donePreview } from './done-preview.ts';
import { openPreviewWorld } from './published-costs.ts';

let world: Awaited<ReturnType<typeof openPreviewWorld>>;
let T1: CustomerId;
const opened: (typeof world)[] = [];

beforeEach(async () => {
  world = await openPreviewWorld();
  opened.push(world);
  T1 = await customer('T1');
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const customer = async (name: string) => (await world.api.call(createCustomer, { body: { name } })).body.id;
const create = async (rule: object) => (await world.api.call(createRule, { body: { ...BASE, ...rule } })).body;
const preview = async (rule: object, more: object = {}) =>
  donePreview((await world.api.call(previewRule, { body: { rule: { ...BASE, ...rule }, ...more } })).body);
const refused = (rule: object, more: object = {}) =>
  world.api.refused(previewRule, { body: { rule: { ...BASE, ...rule }, ...more } });

const BASE = { name: 'Draft', startDate: '2025-01-01', customers: 'all' };
const LESS_TEN = { type: 'rerate', base: 'billed_cost', offsetPercent: '-10' };
const PLUS_TWENTY = { type: 'rerate', base: 'billed_cost', offsetPercent: '20' };
const COMPUTE = { filter: { field: 'ServiceName', op: 'in', values: ['Compute Engine'] } };

const billed = ({ BilledCost }: { BilledCost: string }) => BilledCost;

/** A row with the same delivered amount in each of the costs but the list cost. */
function row(id: string, amount: string, more: RowOfTest = {}): RowOfTest {
  const [BilledCost, EffectiveCost, ContractedCost] = [amount, amount, amount];
  return { x_RowId: id, x_Owner: T1, BilledCost, EffectiveCost, ContractedCost, ListCost: amount, ...more };
}

/** The lines of `acceptance.md`'s FX1 that the rules of this slice tell apart. */
const FX1 = () => [
  row('L1', '80', { ServiceName: 'Compute Engine', ListCost: '100', Tags: { env: 'prod' } }),
  row('L1c', '-5', { ServiceName: 'Compute Engine', ChargeCategory: 'Credit' }),
  row('L2', '85', { ServiceName: 'Amazon CloudFront', x_IsDataTransfer: 'true' }),
  row('L3', '40', { ServiceName: 'Amazon EC2', ChargeCategory: 'Purchase', x_ChargeType: 'RIFee' }),
  row('L4', '-12', { ServiceName: 'Amazon EC2', ChargeCategory: 'Credit', x_ChargeType: 'DistributorDiscount' }),
];
const publishFx1 = (integration = 'aws-main', period = '2025-03') =>
  world.publish({ integration, period, rows: FX1() });

describe('The preview of a rule', () => {
  test('says per customer and currency what the rule changes, to the last digit', async () => {
    await publishFx1();
    const answer = await preview({ ...LESS_TEN, offsetPercent: '-12.3456', ...COMPUTE });
    expect(answer).toMatchObject({ period: '2025-03', rows: 5, rowsMatched: 1, rowsApplied: 1, rowsAdded: 0 });
    expect(answer.customers).toEqual([
      {
        customerId: T1,
        name: 'T1',
        BillingCurrency: 'USD',
        ...{ rows: 5, rowsMatched: 1, rowsApplied: 1, rowsAdded: 0 },
        before: { BilledCost: '188', EffectiveCost: '188', ListCost: '208', ContractedCost: '188' },
        after: {
          BilledCost: '178.12352',
          EffectiveCost: '178.12352',
          ListCost: '208',
          ContractedCost: '178.12352',
        },
        delta: { BilledCost: '-9.87648', EffectiveCost: '-9.87648', ListCost: '0', ContractedCost: '-9.87648' },
      },
    ]);
    expect(answer.warnings).toEqual([]);
    expect(answer.closest).toEqual([]);
  });

  test('changes nothing: no rule, no revision, no ask', async () => {
    await publishFx1();
    const before = await world.world.config.revision();
    world.asked.length = 0;
    await preview(LESS_TEN);
    expect((await world.api.call(listRules)).body.items).toEqual([]);
    expect(await world.world.config.revision()).toBe(before);
    expect(world.asked).toEqual([]);
  });

  test('puts the rule at the end, at the place given, or in the place of the one it replaces', async () => {
    await publishFx1();
    const first = await create({ name: 'r1', ...LESS_TEN, ...COMPUTE });
    const behind = await preview(PLUS_TWENTY);
    expect(behind).toMatchObject({ rowsMatched: 3, rowsApplied: 2 });
    expect(behind.customers[0]?.delta.BilledCost).toBe('25');
    const before = await preview(PLUS_TWENTY, { order: 1 });
    expect(before).toMatchObject({ rowsMatched: 3, rowsApplied: 3 });
    expect(before.customers[0]?.delta.BilledCost).toBe('49');
    const instead = await preview({ ...PLUS_TWENTY, ...COMPUTE }, { ruleId: first.id });
    expect(instead.customers[0]).toMatchObject({ before: { BilledCost: '180' }, after: { BilledCost: '204' } });
    expect(await refused(PLUS_TWENTY, { order: 3 })).toMatchObject({ status: 422, errors: [{ pointer: '/order' }] });
    expect(await refused(PLUS_TWENTY, { ruleId: 'rul_000000000000' })).toMatchObject({ status: 404 });
    expect((await refused({ type: 'back_out' }, { ruleId: first.id })).code).toBe('rule_type_immutable');
  });

  test('BR-16 shows that a rule for all means a customer made after it', async () => {
    await create({ ...PLUS_TWENTY, ...COMPUTE });
    const T9 = await customer('T9');
    await world.publish({
      integration: 'aws-main',
      period: '2025-03',
      rows: FX1().map((one) => ({ ...one, x_Owner: T9 })),
    });
    const { customers } = await preview({ ...LESS_TEN, customers: [T9] });
    expect(customers[0]).toMatchObject({ name: 'T9', before: { BilledCost: '204' } });
  });

  test('BR-19 shows 96 once the later rule is dragged above the other', async () => {
    await publishFx1();
    const r1 = await create({ name: 'r1', ...LESS_TEN, ...COMPUTE });
    const r2 = await create({ name: 'r2', ...PLUS_TWENTY });
    // What is left of the bill when everything but Compute Engine's usage is backed out.
    const compute = async () => {
      const isCredit = { field: 'ChargeCategory', op: 'in', values: ['Credit'] };
      const others = { type: 'back_out', filter: { any: [{ not: COMPUTE.filter }, isCredit] } };
      return (await preview(others, { order: 1 })).customers[0]?.after.BilledCost;
    };
    expect(await compute()).toBe('72');
    const { etag } = await world.api.call(listRules);
    const moved = await world.api.call(reorderRules, { body: { ruleIds: [r2.id, r1.id] }, ifMatch: etag });
    expect(moved.body.items.map(({ order }) => order)).toEqual([1, 2]);
    expect(await compute()).toBe('96');
    expect(await world.api.refused(reorderRules, { body: { ruleIds: [r1.id, r2.id] }, ifMatch: etag })).toMatchObject({
      status: 412,
    });
  });

  test('takes the last published period, or the one asked for', async () => {
    expect(await refused(LESS_TEN)).toMatchObject({ status: 409, code: 'nothing_published' });
    await publishFx1('aws-main', '2025-02');
    await publishFx1('aws-main', '2025-03');
    expect((await preview(LESS_TEN)).period).toBe('2025-03');
    expect((await preview(LESS_TEN, { period: '2025-02' })).period).toBe('2025-02');
    expect((await refused(LESS_TEN, { period: '2025-01' })).details).toEqual({ period: '2025-01' });
  });

  test('goes over all integrations of the period, currency by currency', async () => {
    await publishFx1();
    const rows = FX1().map((one) => ({ ...one, BillingCurrency: 'EUR' }));
    await world.publish({ integration: 'azure', period: '2025-03', rows });
    await publishFx1('gcp', '2025-02');
    const { rows: counted, customers } = await preview({ ...LESS_TEN, ...COMPUTE });
    expect(counted).toBe(10);
    expect(customers.map(({ BillingCurrency, delta }) => `${BillingCurrency} ${delta.BilledCost}`)).toEqual([
      'EUR -8',
      'USD -8',
    ]);
  });

  test('looks only at the customers in scope, never at unassigned rows or the partner’s', async () => {
    const T2 = await customer('T2');
    const owners = [T1, T2, 'unassigned', 'partner'];
    const rows = owners.map((x_Owner, index) => row(`r${index}`, '10', { x_Owner }));
    await world.publish({ integration: 'aws-main', period: '2025-03', rows });
    expect((await preview({ ...LESS_TEN })).rows).toBe(2);
    const { rows: counted, customers } = await preview({ ...LESS_TEN, customers: [T2] });
    expect(counted).toBe(1);
    expect(customers.map(({ name }) => name)).toEqual(['T2']);
  });

  test('warns of what the rule cannot do, and of the rules it stands in the way of', async () => {
    await world.publish({
      integration: 'aws-main',
      period: '2025-03',
      rows: [...FX1(), row('L5', '7', { ListCost: null }), row('L6', '3', { ListCost: '-4' })],
    });
    await create({ name: 'No fees', type: 'back_out', filter: { field: 'x_ChargeType', op: 'in', values: ['RIFee'] } });
    const { warnings } = await preview({ name: 'To list', type: 'adjust_to_list' });
    expect(warnings).toEqual([
      { code: 'list_price_missing', rule: 'To list', customer: 'T1', rows: 1 },
      { code: 'negative_result', rule: 'To list', customer: 'T1', rows: 1 },
    ]);
    const first = await preview({ name: 'Plus', ...PLUS_TWENTY }, { order: 1 });
    expect(first.warnings).toEqual([{ code: 'back_out_shadowed', rule: 'No fees', customer: 'T1', rows: 1 }]);
    const hidden = { name: 'No fees either', type: 'back_out', filter: { field: 'x_ChargeType', op: 'exists' } };
    await create({ name: 'Less', ...LESS_TEN });
    expect((await preview(hidden)).warnings).toEqual([]);
  });

  test('is of the rule as if it were on', async () => {
    await publishFx1();
    expect((await preview({ ...LESS_TEN, enabled: false })).rowsApplied).toBe(3);
  });

  test('of a filter that matches nothing says 0 rows, and which known value comes closest', async () => {
    await publishFx1();
    const filter = {
      all: [
        { field: 'ServiceName', op: 'in', values: ['Amazon Cloudfront', 'Amazon EC2'] },
        { any: [{ field: 'ServiceName', op: 'startsWith', values: ['compute engin'] }] },
        { field: 'Tags', key: 'env', op: 'in', values: ['Production'] },
        { field: 'Tags', key: 'Env', op: 'in', values: ['prod'] },
        { field: 'RegionId', op: 'in', values: ['nowhere'] },
        { not: { field: 'ServiceName', op: 'in', values: ['Amazon S3'] } },
      ],
    };
    const answer = await preview({ ...LESS_TEN, filter });
    expect(answer).toMatchObject({ rows: 5, rowsMatched: 0 });
    expect(answer.closest).toEqual([
      { field: 'ServiceName', value: 'Amazon Cloudfront', closest: 'Amazon CloudFront' },
      { field: 'ServiceName', value: 'compute engin', closest: 'Compute Engine' },
      { field: 'Tags', key: 'env', value: 'Production', closest: 'prod' },
      { field: 'Tags', key: 'Env', closest: 'env' },
    ]);
  });

  test('of a charge shows the row it adds to each customer, with rows of its own or none', async () => {
    await publishFx1();
    const T2 = await customer('T2');
    const fee = { name: 'Fee', type: 'charge', amount: '300.000000000001', serviceName: 'MSP', frequency: 'monthly' };
    const answer = await preview(fee);
    expect(answer).toMatchObject({ rows: 5, rowsMatched: 0, rowsApplied: 0, rowsAdded: 2 });
    expect(answer.customers.map(({ name, rowsAdded, after }) => [name, rowsAdded, after.BilledCost])).toEqual([
      ['T1', 1, '488.000000000001'],
      ['T2', 1, '300.000000000001'],
    ]);
    expect((await preview({ ...fee, customers: [T2] })).customers).toHaveLength(1);
    expect((await preview({ ...fee, frequency: 'one_time' })).rowsAdded).toBe(0);
  });

  test('says what percentages of the whole come to with it, and what other charges there are', async () => {
    await publishFx1();
    const care = { name: 'Care', type: 'charge', amount: '100', serviceName: 'MSP', frequency: 'monthly' };
    await create({ name: 'Fee', type: 'percentage_charge', percent: '5', as: 'charge' });
    const { id } = await create(care);
    const ofCompute = await preview({ ...LESS_TEN, ...COMPUTE });
    expect(ofCompute).toMatchObject({ rowsApplied: 1, rowsAdded: 0 });
    expect(ofCompute.customers.map(({ before, after, delta }) => [before, after, delta].map(billed))).toEqual([
      ['302.4', '294', '-8.4'],
    ]);
    expect(ofCompute.customers[0]?.delta.ListCost).toBe('-0.4');
    const dearer = await preview({ ...care, amount: '200' }, { ruleId: id });
    expect(dearer.rowsAdded).toBe(1);
    expect(dearer.customers.map(({ before, after }) => [before, after].map(billed))).toEqual([['302.4', '407.4']]);
    const deleted = await world.api.call(previewRule, { body: { deleteRuleId: id } });
    expect(donePreview(deleted.body).customers.map(({ after }) => billed(after))).toEqual(['197.4']);
  });

  test('of a charge whose currency is not clear asks for one', async () => {
    await world.publish({ integration: 'aws-main', period: '2025-03', rows: FX1(), currencies: ['EUR', 'USD'] });
    const fee = { type: 'charge', amount: '1', serviceName: 'MSP', startDate: '2025-03-01' };
    expect(await refused(fee)).toMatchObject({ status: 422, code: 'currency_required' });
    expect((await preview({ ...fee, currency: 'EUR' })).customers.map((one) => one.BillingCurrency)).toEqual([
      'EUR',
      'USD',
    ]);
    const { body, etag } = await world.api.call(getSettings);
    const { version: _, ...settings } = body;
    await world.api.call(updateSettings, { body: { ...settings, currency: 'USD' }, ifMatch: etag });
    expect((await preview(fee)).customers[0]?.BillingCurrency).toBe('USD');
  });

  test('reads the lists again where a file is gone because another run was published meanwhile', async () => {
    await publishFx1();
    const { texts, files } = world.lake;
    const list = [...texts.keys()].find((key) => key.endsWith('aws-main.txt')) ?? '';
    const published = texts.get(list) ?? '';
    texts.set(list, published.replace('.parquet', '-replaced.parquet'));
    const find = files.get.bind(files);
    files.get = (key) => {
      if (key.endsWith('-replaced.parquet')) texts.set(list, published);
      return find(key);
    };
    expect((await preview(LESS_TEN)).rows).toBe(5);
  });
});
