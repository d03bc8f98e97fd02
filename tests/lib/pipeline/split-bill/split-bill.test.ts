import { describe, expect, test } from 'vitest';
import { RunSummary } from '../../../../lib/contracts/runs/run-summary.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { stored } from '../../rules/stored.ts';
import { bill } from '../receive-bill/small-bill.ts';
import { customerId, INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

const splitting = splittingBills();

async function summaryOf(world: Splitting, runId: string) {
  const found = await world.lake.readText(LAKE.summary(runId));
  return RunSummary.array().parse(JSON.parse(found?.text ?? 'null'));
}

/** Two customers, one of whom takes a sub account over in mid-month, a sub account of the partner's own, two of nobody's. */
async function smallWorld(): Promise<Splitting> {
  const world = await splitting();
  world.assign('111111111111', 'a');
  world.assign('222222222222', 'a', null, '2025-03-11');
  world.assign('222222222222', 'b', '2025-03-11', null);
  world.assign('999999999999', 'partner');
  world.rules = stored(
    { name: 'List plus ten', type: 'adjust_to_list', offsetPercent: '10', filter: leaf('ChargeDescription', 'list') },
    { name: 'No tax', type: 'back_out', filter: leaf('ChargeDescription', 'tax') },
    { name: 'Plus five', type: 'rerate', base: 'billed_cost', offsetPercent: '5', customers: [customerId('b')] },
    { name: 'Next year', type: 'rerate', base: 'billed_cost', offsetPercent: '5', startDate: '2026-01-01' },
  );
  await world.deliver(
    'march.csv',
    bill([
      { SubAccountId: '111111111111', ChargeDescription: 'list', ListCost: '10' },
      { SubAccountId: '111111111111', ChargeDescription: 'list', ListCost: '10' },
      { SubAccountId: '111111111111', ChargeDescription: 'tax' },
      { SubAccountId: '222222222222', ChargePeriodStart: '2025-03-10T23:59:59Z', BilledCost: '0.0000000000005' },
      { SubAccountId: '222222222222', ChargePeriodStart: '2025-03-11T00:00:00Z', BilledCost: '100' },
      { SubAccountId: '999999999999', BilledCost: '7' },
      { SubAccountId: '555555555555', BilledCost: '3' },
      { SubAccountId: '', BilledCost: '4', ListCost: '' },
      { SubAccountId: '111111111111', BillingCurrency: 'EUR', BilledCost: '2' },
    ]),
  );
  return world;
}

function leaf(field: string, value: string) {
  return { field, op: 'in', values: [value] };
}

describe('A bill that is split', () => {
  test('gives every row to its owner and every customer its rules, to the last digit', async () => {
    const world = await smallWorld();
    const { runId, outcome } = await world.split();
    expect(outcome).toBe('published');
    const [eur, usd] = await summaryOf(world, runId);
    expect(eur).toMatchObject({ currency: 'EUR', delivered: { rows: 1, BilledCost: '2' } });
    expect(usd).toMatchObject({
      integrationId: 'acme',
      period: '2025-03',
      currency: 'USD',
      reconciled: true,
      delivered: { rows: 8, BilledCost: '117.7500000000005' },
      ingestRounding: { BilledCost: '-0.0000000000005', EffectiveCost: '0' },
      unassigned: { rows: 2, BilledCost: '7' },
      partner: { rows: 1, BilledCost: '7' },
      warnings: [{ code: 'cost_missing', column: 'ListCost', rows: 1 }],
    });
    expect(usd?.customers).toMatchObject([
      {
        name: 'Customer A',
        folder: customerId('a'),
        delivered: { rows: 4, BilledCost: '3.750000000001' },
        charged: { rows: 3, BilledCost: '22.000000000001', EffectiveCost: '23.25' },
        commitments: { rows: 0, delta: { BilledCost: '0' } },
        rules: [
          { name: 'List plus ten', rows: 2, delta: { BilledCost: '19.5', ListCost: '0' } },
          { name: 'No tax', rows: 1, delta: { BilledCost: '-1.25', ListCost: '-2' } },
        ],
      },
      {
        name: 'Customer B',
        delivered: { rows: 1, BilledCost: '100' },
        charged: { rows: 1, BilledCost: '105' },
        rules: [
          { name: 'List plus ten', rows: 0, delta: { BilledCost: '0' } },
          { name: 'No tax', rows: 0 },
          { name: 'Plus five', rows: 1, delta: { BilledCost: '5' } },
        ],
      },
    ]);
    expect(world.asked).toEqual(['additions 2025-03', 'split acme 2025-03']);
    expect(await world.runs.find(runId)).toMatchObject({
      status: 'Published',
      rowsDelivered: 9,
      configRevision: 1,
      summaryKey: LAKE.summary(runId),
    });
    expect(await world.periods.find(INTEGRATION, PERIOD)).toMatchObject({
      lease: null,
      published: { runId, owners: expect.arrayContaining([customerId('a'), 'unassigned', 'partner']) },
    });
  });

  test('is read by a plain SELECT over the published lists, one customer’s rows at a time', async () => {
    const world = await smallWorld();
    await world.split();
    const select = async (statement: string) =>
      await world.engine.rows(await world.engine.run(statement, { timeoutSeconds: 30 }));
    const sums = (table: string, owner: string) =>
      select(
        `SELECT billingcurrency AS currency, CAST(count(*) AS VARCHAR) AS n, CAST(sum(billedcost) AS VARCHAR) AS billed FROM ${table} WHERE customer = '${owner}' AND period = '2025-03' GROUP BY billingcurrency ORDER BY 1`,
      );
    expect(await sums('customer_charges', customerId('a'))).toEqual([
      { currency: 'EUR', n: '1', billed: '2.000000000000000000' },
      { currency: 'USD', n: '3', billed: '22.000000000001000000' },
    ]);
    expect(await sums('customer_charges', customerId('b'))).toMatchObject([
      { n: '1', billed: '105.000000000000000000' },
    ]);
    expect(await sums('costs', 'partner')).toMatchObject([{ n: '1', billed: '7.000000000000' }]);
    expect(await sums('costs', 'unassigned')).toMatchObject([{ n: '2', billed: '7.000000000000' }]);
    const steps = await select(
      `SELECT x_billingrulename AS name, CAST(x_billedcostdelta AS VARCHAR) AS delta FROM waterfall WHERE customer = '${customerId('a')}' ORDER BY 1`,
    );
    expect(steps.map(({ name }) => name)).toEqual(['List plus ten', 'List plus ten', 'No tax']);
  });

  test('gives the same rows the same ids again, and equal rows ids of their own', async () => {
    const world = await smallWorld();
    const ids = async () => {
      const query = await world.engine.run(
        `SELECT x_rowid AS id FROM costs WHERE customer = '${customerId('a')}' ORDER BY 1`,
        { timeoutSeconds: 30 },
      );
      return (await world.engine.rows(query)).map(({ id }) => id);
    };
    await world.split();
    const first = await ids();
    world.revision = 2;
    await world.split();
    expect(await ids()).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
    expect(first.filter((id) => id?.endsWith('-1'))).toHaveLength(1);
  });

  test('of a later delivery replaces the one before, and takes away the lists of owners it does not have', async () => {
    const world = await smallWorld();
    const first = await world.split();
    const listOf = (owner: string) => world.lake.readText(LAKE.publishedList('costs', owner, PERIOD, INTEGRATION));
    expect((await listOf('partner'))?.text).toContain('customer=partner');
    await world.deliver('march.csv', bill([{ SubAccountId: '111111111111', BilledCost: '1' }]));
    const second = await world.split();
    expect(await listOf('partner')).toBeUndefined();
    expect(await listOf('unassigned')).toBeUndefined();
    expect((await listOf(customerId('a')))?.text.trim().split('\n')).toHaveLength(1);
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published?.runId).toBe(second.runId);
    expect(await summaryOf(world, first.runId)).toHaveLength(2);
  });

  test('twice with nothing new has nothing to do the second time', async () => {
    const world = await smallWorld();
    await world.split();
    const again = await world.split();
    expect(again.outcome).toBe('nothing_to_do');
    expect((await world.runs.find(again.runId))?.status).toBe('NothingToDo');
  });
});
