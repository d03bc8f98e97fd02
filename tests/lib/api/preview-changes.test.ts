import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import type { RowOfTest } from '../rules/delivered-table.ts';
import { donePreview } from './done-preview.ts';
import { openPreviewWorld } from './published-costs.ts';

let world: Awaited<ReturnType<typeof openPreviewWorld>>;
let T1: CustomerId;
let T2: CustomerId;
const opened: (typeof world)[] = [];

beforeEach(async () => {
  world = await openPreviewWorld();
  opened.push(world);
  [T1, T2] = [await customer('T1'), await customer('T2')];
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const customer = async (name: string) => (await world.api.call(createCustomer, { body: { name } })).body.id;
const create = async (rule: object) => (await world.api.call(createRule, { body: { ...BASE, ...rule } })).body;
const preview = async (change: object) => donePreview((await world.api.call(previewRule, { body: change })).body);
const refused = (change: object) => world.api.refused(previewRule, { body: change });

const BASE = { startDate: '2025-01-01', customers: 'all' };
const LESS_TEN = { name: 'r1', type: 'rerate', base: 'billed_cost', offsetPercent: '-10' };
const PLUS_TWENTY = { name: 'r2', type: 'rerate', base: 'billed_cost', offsetPercent: '20' };
const COMPUTE = { field: 'ServiceName', op: 'in', values: ['Compute Engine'] };

/** A row with the same delivered amount in each of the costs but the list cost. */
function row(id: string, amount: string, more: RowOfTest = {}): RowOfTest {
  const [BilledCost, EffectiveCost, ContractedCost] = [amount, amount, amount];
  return { x_RowId: id, x_Owner: T1, BilledCost, EffectiveCost, ContractedCost, ListCost: amount, ...more };
}
const publish = (rows: readonly RowOfTest[]) => world.publish({ integration: 'bill', period: '2025-03', rows });
const publishFx1 = () =>
  publish([
    row('L1', '80', { ServiceName: 'Compute Engine', ListCost: '100', x_UsageType: 'Box', x_Operation: 'Run' }),
    row('L2', '85', { ServiceName: 'Amazon CloudFront', x_UsageType: 'Transfer', x_Operation: 'Get' }),
    row('L3', '5', { ServiceName: 'Amazon CloudFront', x_UsageType: 'Transfer', x_Operation: 'Put' }),
  ]);
const billed = ({ customers }: Awaited<ReturnType<typeof preview>>) =>
  customers.map(({ name, before, after, delta }) => [name, before.BilledCost, after.BilledCost, delta.BilledCost]);

describe('The preview of a deletion', () => {
  test('says what the bill would be without the rule, and which rules come to act', async () => {
    await publishFx1();
    const r1 = await create({ ...LESS_TEN, filter: COMPUTE });
    const r2 = await create(PLUS_TWENTY);
    const answer = await preview({ deleteRuleId: r1.id });
    expect(billed(answer)).toEqual([['T1', '180', '204', '24']]);
    expect(answer).toMatchObject({ status: 'done', rows: 3, rowsMatched: 1, rowsApplied: 1, rowsAdded: 0 });
    expect(answer.rules).toEqual([
      {
        ...{ ruleId: r2.id, name: 'r2', order: 1, rowsMatched: 3, rowsApplied: 3, rowsAppliedBefore: 2 },
        neverFires: null,
      },
    ]);
    expect((await world.api.call(listRules)).body.items).toHaveLength(2);
  });

  test('of a charge takes away what it adds', async () => {
    await publishFx1();
    const fee = await create({
      name: 'Fee',
      type: 'charge',
      amount: '300',
      serviceName: 'MSP',
      customers: [T1],
      startDate: '2025-03-01',
    });
    expect(billed(await preview({ deleteRuleId: fee.id }))).toEqual([['T1', '470', '170', '-300']]);
    const { name, type, serviceName, customers, startDate } = fee.rule as never as Record<string, unknown>;
    const dearer = { name, type, serviceName, customers, startDate, amount: '310' };
    expect(billed(await preview({ ruleId: fee.id, rule: dearer }))).toEqual([['T1', '470', '480', '10']]);
  });
});

describe('The preview of an edit', () => {
  test('shows the customers that the rule leaves too', async () => {
    await publish([row('a', '100'), row('b', '100', { x_Owner: T2 })]);
    const { id } = await create(PLUS_TWENTY);
    const answer = await preview({ ruleId: id, rule: { ...BASE, ...PLUS_TWENTY, customers: [T1] } });
    expect(billed(answer)).toEqual([
      ['T1', '120', '120', '0'],
      ['T2', '120', '100', '-20'],
    ]);
  });
});

describe('The preview of a new order', () => {
  test('BR-19 shows 96 where the later rule would be dragged above the other', async () => {
    await publish([row('L1', '80', { ServiceName: 'Compute Engine' })]);
    const [r1, r2] = [await create({ ...LESS_TEN, filter: COMPUTE }), await create(PLUS_TWENTY)];
    const answer = await preview({ ruleIds: [r2.id, r1.id] });
    expect(billed(answer)).toEqual([['T1', '72', '96', '24']]);
    expect(answer.rules.map(({ name, order, neverFires }) => [name, order, neverFires])).toEqual([
      ['r2', 1, null],
      ['r1', 2, 'shadowed'],
    ]);
    expect(billed(await preview({ ruleIds: [r1.id, r2.id] }))).toEqual([['T1', '72', '72', '0']]);
    expect(await refused({ ruleIds: [r1.id] })).toMatchObject({ status: 422, errors: [{ pointer: '/ruleIds' }] });
  });

  test('warns of back-outs that come to stand behind others', async () => {
    await publish([row('L3', '40', { x_ChargeType: 'RIFee' })]);
    const fees = { field: 'x_ChargeType', op: 'in', values: ['RIFee'] };
    const [out, plus] = [await create({ name: 'No fees', type: 'back_out', filter: fees }), await create(PLUS_TWENTY)];
    const { warnings } = await preview({ ruleIds: [plus.id, out.id] });
    expect(warnings).toEqual([{ code: 'back_out_shadowed', rule: 'No fees', customer: 'T1', rows: 1 }]);
  });
});

describe('A preview', () => {
  test('warns of two rules that set a price, and of commitments that have no price on demand', async () => {
    const { body, etag } = await world.api.call(getSettings);
    const { version: _, ...settings } = body;
    const independent = { ...settings, precedence: 'independent', commitments: { policy: 'retain' } };
    await world.api.call(updateSettings, { body: independent, ifMatch: etag });
    const used = { CommitmentDiscountId: 'sp', CommitmentDiscountStatus: 'Used' };
    await publish([
      row('L1', '80', { ListCost: '100', ContractedUnitPrice: '8', ListUnitPrice: '10' }),
      row('sp', '0', { ...used, EffectiveCost: '6', ContractedCost: null, ListCost: null }),
    ]);
    await create({
      name: 'List',
      type: 'adjust_to_list',
      filter: { field: 'CommitmentDiscountStatus', op: 'notExists' },
    });
    const { warnings } = await preview({
      rule: { ...BASE, name: 'List too', type: 'adjust_to_list', offsetPercent: '1' },
    });
    expect(warnings).toEqual([
      { code: 'ambiguous_set_rules', rule: 'List', otherRule: 'List too', customer: 'T1', rows: 1 },
      { code: 'list_price_missing', rule: 'List too', customer: 'T1', rows: 1 },
      { code: 'on_demand_price_missing', customer: 'T1', rows: 1 },
    ]);
  });

  test('CH-10 says which rules can never fire: shadowed by those before, or without a row to match', async () => {
    await publishFx1();
    await create({ name: 'A', type: 'rerate', base: 'billed_cost', offsetPercent: '-10' });
    await create({ name: 'B', type: 'rerate', base: 'billed_cost', offsetPercent: '-20', filter: COMPUTE });
    const wrong = { field: 'ServiceName', op: 'in', values: ['Compute engine'] };
    const answer = await preview({ rule: { ...BASE, ...PLUS_TWENTY, name: 'C', filter: wrong } });
    expect(
      answer.rules.map(({ ruleId, name, rowsMatched, rowsApplied, neverFires }) => [
        ruleId === null ? 'new' : 'stored',
        ...[name, rowsMatched, rowsApplied, neverFires],
      ]),
    ).toEqual([
      ['stored', 'A', 3, 3, null],
      ['stored', 'B', 1, 0, 'shadowed'],
      ['new', 'C', 0, 0, 'matches_nothing'],
    ]);
  });

  test('CH-11 lists a product in the wrong case with no matched line, and the one that was meant', async () => {
    await publish([row('a', '1', { ServiceName: 'Amazon Elastic Compute Cloud' })]);
    const wrong = { field: 'ServiceName', op: 'in', values: ['Amazon Elastic Compute cloud'] };
    const answer = await preview({ rule: { ...BASE, ...LESS_TEN, filter: wrong } });
    expect(answer).toMatchObject({ rowsMatched: 0, rules: [{ rowsMatched: 0, neverFires: 'matches_nothing' }] });
    expect(answer.closest).toEqual([
      { field: 'ServiceName', value: 'Amazon Elastic Compute cloud', closest: 'Amazon Elastic Compute Cloud' },
    ]);
  });

  test('CH-12 of a period where no rule matches changes nothing', async () => {
    await publishFx1();
    const nothing = { field: 'ServiceName', op: 'in', values: ['Nothing'] };
    expect(billed(await preview({ rule: { ...BASE, ...LESS_TEN, filter: nothing } }))).toEqual([
      ['T1', '170', '170', '0'],
    ]);
  });

  test('CH-17 of one customer and month adds up by product, usage type and operation', async () => {
    await publishFx1();
    const rule = { ...BASE, ...PLUS_TWENTY, customers: [T1] };
    const { groups, groupsLeftOut } = await preview({
      rule,
      period: '2025-03',
      groupBy: ['service', 'usage_type', 'operation'],
    });
    expect(groupsLeftOut).toBe(0);
    expect(
      groups.map(({ ServiceName, x_UsageType, x_Operation, rows, before, after }) => [
        ...[ServiceName, x_UsageType, x_Operation, rows, before.BilledCost, after.BilledCost],
      ]),
    ).toEqual([
      ['Amazon CloudFront', 'Transfer', 'Get', 1, '85', '102'],
      ['Compute Engine', 'Box', 'Run', 1, '80', '96'],
      ['Amazon CloudFront', 'Transfer', 'Put', 1, '5', '6'],
    ]);
    const byService = await preview({ rule, groupBy: ['service'] });
    expect(
      byService.groups.map(({ ServiceName, x_UsageType, delta }) => [ServiceName, x_UsageType, delta.BilledCost]),
    ).toEqual([
      ['Amazon CloudFront', undefined, '18'],
      ['Compute Engine', undefined, '16'],
    ]);
    expect((await preview({ rule })).groups).toEqual([]);
  });

  test('takes the shares of commitments that everybody’s use decides, though one customer is in scope', async () => {
    const { body, etag } = await world.api.call(getSettings);
    const { version: _, ...settings } = body;
    await world.api.call(updateSettings, {
      body: { ...settings, commitments: { policy: 'allocate' } },
      ifMatch: etag,
    });
    const sp = (id: string, owner: string, status: string, EffectiveCost: string, ContractedCost: string) =>
      row(id, '0', {
        ...{ x_Owner: owner, EffectiveCost, ContractedCost, ListCost: ContractedCost, CommitmentDiscountId: 'sp' },
        ...{ CommitmentDiscountStatus: status, ChargePeriodEnd: '2025-03-10 01:00:00.000' },
      });
    await publish([
      sp('a', T1, 'Used', '6', '9'),
      sp('b', T2, 'Used', '2.5', '3.6'),
      sp('u', 'partner', 'Unused', '1.5', '0'),
    ]);
    const answer = await preview({ rule: { ...BASE, ...PLUS_TWENTY, customers: [T1] } });
    expect(answer.customers.map(({ before }) => before.EffectiveCost)).toEqual(['7.058823529412']);
    expect(answer.customers.map(({ after }) => after.EffectiveCost)).toEqual(['8.4705882352944']);
  });

  test('is of exactly one change', async () => {
    await publishFx1();
    const { id } = await create(LESS_TEN);
    for (const change of [
      {},
      { deleteRuleId: id, ruleIds: [id] },
      { rule: { ...BASE, ...LESS_TEN }, deleteRuleId: id },
      { deleteRuleId: id, order: 1 },
      { ruleIds: [id], ruleId: id },
    ])
      expect(await refused(change), JSON.stringify(change)).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(await refused({ deleteRuleId: 'rul_000000000000' })).toMatchObject({ status: 404 });
  });

  test.each(['independent', 'sequential'] as const)('counts rows by rule under %s', async (precedence) => {
    const { body, etag } = await world.api.call(getSettings);
    const { version: _, ...settings } = body;
    await world.api.call(updateSettings, { body: { ...settings, precedence }, ifMatch: etag });
    await publishFx1();
    await create({ ...LESS_TEN, filter: COMPUTE });
    const answer = await preview({ rule: { ...BASE, ...PLUS_TWENTY } });
    expect(
      answer.rules.map(({ name, rowsApplied, rowsAppliedBefore }) => [name, rowsApplied, rowsAppliedBefore]),
    ).toEqual([
      ['r1', 1, 1],
      ['r2', 3, 0],
    ]);
    expect(answer).toMatchObject({ rowsMatched: 3, rowsApplied: 3 });
  });
});

describe('The preview of a closed month', () => {
  /** Frozen as the API's operation does it, which asks first that all of the month is published. */
  async function close(month: string): Promise<void> {
    const { config, lake, closings } = world.world;
    const [period, frozen] = [BillingPeriod.parse(month), await config.read()];
    const key = LAKE.frozenConfig(period, 'closed');
    await lake.writeText(key, JSON.stringify(frozen));
    await closings.close(period, { at: '2025-04-05T00:00:00.000Z', revision: frozen.revision, key });
  }

  test('changes the rules that it was closed with, and is only of it where it is asked for or there is no open one', async () => {
    await publishFx1();
    const r1 = await create({ ...LESS_TEN, filter: COMPUTE });
    await close('2025-03');
    const r2 = await create(PLUS_TWENTY);
    expect(billed(await preview({ deleteRuleId: r1.id }))).toEqual([['T1', '162', '170', '8']]);
    expect(await refused({ deleteRuleId: r2.id })).toMatchObject({ code: 'not_found' });
    await world.publish({ integration: 'bill', period: '2025-02', rows: [row('L9', '10')] });
    const open = await preview({ deleteRuleId: r2.id });
    expect([open.period, billed(open)]).toEqual(['2025-02', [['T1', '12', '10', '-2']]]);
    expect((await preview({ deleteRuleId: r1.id, period: '2025-03' })).period).toBe('2025-03');
  });
});
