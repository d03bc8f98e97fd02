import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { getCosts } from '../../../lib/contracts/costs/get-costs.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { getMe } from '../../../lib/contracts/users/get-me.ts';
import { putUser } from '../../../lib/contracts/users/put-user.ts';
import type { AdditionsPointer } from '../../../lib/domain/additions-pointer.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { type CustomerId, IntegrationId, type RunId } from '../../../lib/domain/ids.ts';
import { Problem } from '../../../lib/domain/problem.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

const MARCH = BillingPeriod.parse('2025-03');
const APRIL = BillingPeriod.parse('2025-04');

let world: ApiWorld;
let api: ApiCaller;
let T1: CustomerId;
let T2: CustomerId;
let runId: RunId;

beforeAll(async () => {
  world = await openApiWorld();
  api = apiCaller(world);
  T1 = (await api.call(createCustomer, { body: { name: 'T1' } })).body.id;
  T2 = (await api.call(createCustomer, { body: { name: 'T2' } })).body.id;
  await api.call(putUser, { params: { sub: 'user-of-T1' }, body: { role: 'customer', customerId: T1 } });
  runId = await publishRun(world, { integration: 'aws-main', period: MARCH, owners: [T1], number: 1 });
});
beforeEach(() => {
  world.queried.length = 0;
  world.ledgerAnswers.rows = [];
  world.ledgerAnswers.fails = undefined;
});
afterAll(() => world.close());

/** A row as Athena answers it: names in lower case, sums with all their decimals. */
const line = (group_key: string | null, billingcurrency: string, amount: string | null) => ({
  ...{ group_key, group_name: group_key, billingcurrency, row_count: '2' },
  ...{ billedcost: amount, effectivecost: amount, listcost: amount, contractedcost: null },
});

/** Points to additions of March as PriceAdditions does. */
async function priceAdditions(change: Partial<AdditionsPointer>): Promise<void> {
  const before = await world.world.additions.find(MARCH);
  await world.world.additions.publish({
    ...{ period: MARCH, number: (before?.number ?? 0) + 1, uuid: 'uuid-1' },
    configRevision: await world.world.config.revision(),
    sources: [{ integrationId: IntegrationId.parse('aws-main'), runId }],
    ...{ publishedAt: '2025-04-02T00:00:00.000Z', owners: [T1], ownersBefore: [], reason: null },
    ...change,
  });
}

describe('Costs', () => {
  test('are the customer’s published rows, grouped, with exact sums by currency', async () => {
    world.ledgerAnswers.rows = [
      line('Amazon EC2', 'USD', '10.100000000000000000'),
      line('Amazon S3', 'USD', '0.000000000000000001'),
      line(null, 'EUR', null),
    ];
    const { body } = await api.call(getCosts, { query: { customerId: T1, period: MARCH, groupBy: 'service' } });
    expect(body).toMatchObject({ customerId: T1, period: MARCH, groupBy: 'service' });
    expect(body.items[0]).toEqual({
      ...{ key: 'Amazon EC2', name: 'Amazon EC2', BillingCurrency: 'USD', rows: 2 },
      ...{ BilledCost: '10.1', EffectiveCost: '10.1', ListCost: '10.1', ContractedCost: '0' },
    });
    expect(body.totals.map(({ BillingCurrency, BilledCost, rows }) => [BillingCurrency, BilledCost, rows])).toEqual([
      ['USD', '10.100000000000000001', 4],
      ['EUR', '0', 2],
    ]);
  });

  test('are asked for as the customer, of its table and period alone', async () => {
    for (const groupBy of ['service', 'sub_account', 'day'])
      await api.call(getCosts, { as: 'user-of-T1', query: { period: MARCH, groupBy } });
    expect(world.queried.map(({ customerId }) => customerId)).toEqual([T1, T1, T1]);
    for (const { statement } of world.queried) {
      expect(statement).toContain(`FROM customer_charges WHERE customer = '${T1}' AND period = '2025-03'`);
      expect(statement).not.toContain(T2);
    }
  });

  test('of another customer do not exist for a customer, whether there is one or not', async () => {
    for (const customerId of [T2, 'cus_000000000000'])
      expect(await api.refused(getCosts, { as: 'user-of-T1', query: { period: MARCH, customerId } })).toMatchObject({
        status: 404,
        details: { id: customerId },
      });
    expect(world.queried).toEqual([]);
    const own = await api.call(getCosts, { as: 'user-of-T1', query: { period: MARCH, customerId: T1 } });
    expect(own.body.customerId).toBe(T1);
  });

  test('want the partner to name a customer that there is', async () => {
    expect(await api.refused(getCosts, { query: { period: MARCH } })).toMatchObject({
      errors: [{ pointer: 'query/customerId' }],
    });
    expect(await api.refused(getCosts, { query: { period: MARCH, customerId: 'cus_000000000000' } })).toMatchObject({
      status: 404,
    });
  });

  test.each([
    { period: '2025-13' },
    { period: "2025-03' OR 1=1 --" },
    {},
    { period: '2025-03', groupBy: 'customer' },
    { period: '2025-03', x: '1' },
  ])('are not asked for by %j', async (query) => {
    const problem = await api.refused(getCosts, { as: 'user-of-T1', query: query as Record<string, string> });
    expect(problem.code).toBe('invalid_request');
    expect(world.queried).toEqual([]);
  });

  test('tell a customer nothing of why a query failed', async () => {
    world.ledgerAnswers.fails = new Problem('query_failed', { step: 'Athena', reason: 's3://lake-secret/… denied' });
    const asking = api.call(getCosts, { as: 'user-of-T1', query: { period: MARCH } });
    await expect(asking).rejects.toThrow('the query of a customer’s costs failed');
  });

  test('say since when they stand, and whether anything newer is on its way', async () => {
    const read = async () => {
      const { publishedAt, recomputing } = (await api.call(getCosts, { query: { customerId: T1, period: MARCH } }))
        .body;
      return { publishedAt, recomputing };
    };
    const runsAt = '2025-04-01T00:00:00.000Z';
    expect(await read()).toEqual({ publishedAt: runsAt, recomputing: true });
    await priceAdditions({});
    expect(await read()).toEqual({ publishedAt: '2025-04-02T00:00:00.000Z', recomputing: false });
    await api.call(createCustomer, { body: { name: 'T3' } });
    expect((await read()).recomputing).toBe(true);
    const { body } = await api.call(getCosts, { query: { customerId: T2, period: APRIL } });
    expect(body).toMatchObject({ publishedAt: null, recomputing: false, items: [], totals: [] });
  });
});

describe('Additions', () => {
  const SUMMARY = [
    {
      ...{ period: MARCH, currency: 'USD' },
      customers: [
        {
          ...{ name: 'T1', rows: 1, BilledCost: '300', EffectiveCost: '300', ListCost: '300', ContractedCost: '300' },
          rules: [],
        },
      ],
    },
  ];
  const read = async () => (await api.call(getAdditions, { params: { period: MARCH } })).body;

  test('are those of the pricing that counts', async () => {
    world.lake.texts.set(LAKE.additionsSummary(MARCH, 'uuid-2'), JSON.stringify(SUMMARY));
    await priceAdditions({ uuid: 'uuid-2' });
    expect(await read()).toEqual({ recomputing: false, additions: SUMMARY, reason: null });
  });

  test('are being recomputed while a source or the configuration is not the one they were priced from', async () => {
    await priceAdditions({ configRevision: (await world.world.config.revision()) - 1 });
    expect((await read()).recomputing).toBe(true);
    await priceAdditions({ sources: [] });
    expect((await read()).recomputing).toBe(true);
    await priceAdditions({});
    expect((await read()).recomputing).toBe(false);
    await publishRun(world, { integration: 'azure', period: MARCH, owners: [], number: 9 });
    expect((await read()).recomputing).toBe(true);
  });

  test('of a period of which nothing is published are none, and none are awaited', async () => {
    const { body } = await api.call(getAdditions, { params: { period: APRIL } });
    expect(body).toEqual({ recomputing: false, additions: [], reason: null });
    await publishRun(world, { integration: 'aws-main', period: APRIL, owners: [], number: 12 });
    expect((await api.call(getAdditions, { params: { period: APRIL } })).body.recomputing).toBe(true);
  });

  test('say why a charge could not be priced, and what to do', async () => {
    await priceAdditions({ reason: { code: 'currency_required', details: { currencies: ['EUR', 'USD'] } } });
    expect((await read()).reason).toEqual({
      code: 'currency_required',
      title: 'The currency is not clear',
      detail: 'currencies: ["EUR","USD"]',
      next: 'Name the currency on the charge, or set the partner’s currency.',
    });
  });
});

describe('Users', () => {
  test('learn who they are', async () => {
    expect((await api.call(getMe)).body).toEqual({ sub: 'first-partner', role: 'partner' });
    const { body } = await api.call(getMe, { as: 'user-of-T1' });
    expect(body).toEqual({ sub: 'user-of-T1', role: 'customer', customerId: T1 });
  });

  test('whom nobody knows are told to ask for a role', async () => {
    for (const contract of [getMe, getCosts])
      expect(await api.refused(contract, { as: 'stranger', query: { period: MARCH } })).toMatchObject({
        status: 403,
        code: 'no_role',
      });
  });

  test('lose what they may see with the role they lose', async () => {
    const params = { sub: 'auth0|moving' };
    await api.call(putUser, { params, body: { role: 'partner' } });
    expect((await api.call(getMe, { as: 'auth0|moving' })).body.role).toBe('partner');
    await api.call(putUser, { params, body: { role: 'customer', customerId: T2 } });
    const refused = await api.refused(putUser, { as: 'auth0|moving', params, body: { role: 'partner' } });
    expect(refused.code).toBe('partner_admin_required');
  });

  test.each([
    [{ role: 'customer' }, 'invalid_request'],
    [{ role: 'partner', customerId: 'cus_000000000000' }, 'invalid_request'],
    [{ role: 'owner' }, 'invalid_request'],
    [{ role: 'customer', customerId: 'cus_000000000000' }, 'not_found'],
  ])('are not made of %j', async (body, code) => {
    expect((await api.refused(putUser, { params: { sub: 'someone' }, body })).code).toBe(code);
  });
});
