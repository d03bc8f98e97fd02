import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { getCustomer } from '../../../lib/contracts/customers/get-customer.ts';
import { listCustomers } from '../../../lib/contracts/customers/list-customers.ts';
import { updateCustomer } from '../../../lib/contracts/customers/update-customer.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

let world: ApiWorld;
let api: ApiCaller;

beforeAll(async () => {
  world = await openApiWorld();
  api = apiCaller(world);
});
afterAll(() => world.close());

describe('Customer tenants', () => {
  test('are made, read and listed, page by page', async () => {
    const made = [];
    for (const name of ['Contoso', 'Fabrikam', 'Northwind'])
      made.push((await api.call(createCustomer, { body: { name } })).body);
    const { body, etag } = await api.call(getCustomer, { params: { customerId: made[0]?.id ?? '' } });
    expect(body).toEqual(made[0]);
    expect(etag).toBe('"1"');
    const listed = [];
    let cursor: string | undefined;
    do {
      const page = (await api.call(listCustomers, { query: { limit: '1', ...(cursor ? { cursor } : {}) } })).body;
      expect(page.items.length).toBeLessThanOrEqual(1);
      listed.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed.map(({ name }) => name).sort()).toEqual(['Contoso', 'Fabrikam', 'Northwind']);
  });

  test('do not share a name, in whatever case of letters', async () => {
    const problem = await api.refused(createCustomer, { body: { name: 'CONTOSO' } });
    expect(problem).toMatchObject({ status: 409, code: 'customer_name_taken' });
  });

  test('give a name up when they take another', async () => {
    const { body } = await api.call(createCustomer, { body: { name: 'Old name' } });
    const params = { customerId: body.id };
    const renamed = await api.call(updateCustomer, { params, body: { name: 'New name' }, ifMatch: '"1"' });
    expect(renamed.etag).toBe('"2"');
    await api.call(createCustomer, { body: { name: 'old NAME' } });
    const taken = await api.refused(updateCustomer, { params, body: { name: 'contoso' }, ifMatch: '"2"' });
    expect(taken.code).toBe('customer_name_taken');
    const cased = await api.call(updateCustomer, { params, body: { name: 'NEW NAME' }, ifMatch: '"2"' });
    expect(cased.body.name).toBe('NEW NAME');
  });

  test('of one name asked for at once: one is made, all others are told', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => api.call(createCustomer, { body: { name: 'Wanted' } })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('customer_name_taken');
  });

  test.each([
    [undefined, 428, 'precondition_required'],
    ['"9"', 412, 'precondition_failed'],
    ['"other"', 412, 'precondition_failed'],
    ['W/"1"', 412, 'precondition_failed'],
    ['1', 422, 'invalid_request'],
    ['*', 422, 'invalid_request'],
    ['"1", "2"', 422, 'invalid_request'],
  ])('are not changed on the word of If-Match %j', async (ifMatch, status, code) => {
    const { items } = (await api.call(listCustomers)).body;
    const sent = { params: { customerId: items[0]?.id ?? '' }, body: { name: 'Other' } };
    const problem = await api.refused(updateCustomer, ifMatch === undefined ? sent : { ...sent, ifMatch });
    expect(problem).toMatchObject({ status, code });
  });

  test('who are unknown are 404, an id that cannot be one is named', async () => {
    expect(await api.refused(getCustomer, { params: { customerId: 'cus_000000000000' } })).toMatchObject({
      status: 404,
      details: { what: 'customer' },
    });
    expect(await api.refused(getCustomer, { params: { customerId: '../PARTNER' } })).toMatchObject({
      status: 422,
      errors: [{ pointer: 'path/customerId' }],
    });
  });

  test.each([
    [{ limit: '0' }, 'query/limit'],
    [{ limit: '201' }, 'query/limit'],
    [{ limit: '1,2' }, 'query/limit'],
    [{ cursor: '!!!' }, 'query/cursor'],
    [{ cursor: 'A'.repeat(2000) }, 'query/cursor'],
    [{ cursor: Buffer.from([0xff, 0xfe]).toString('base64url') }, 'query/cursor'],
    [{ colour: 'red' }, 'query/'],
  ])('are not listed by %j', async (query, pointer) => {
    const problem = await api.refused(listCustomers, { query });
    expect(problem).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer }] });
  });

  test('that are made or renamed have the bills with their rows priced again, and the additions of every month', async () => {
    const march = BillingPeriod.parse('2025-03');
    const { body } = await api.call(createCustomer, { body: { name: 'Late' } });
    await publishRun(world, { integration: 'aws-main', period: march, owners: [body.id], number: 1 });
    await publishRun(world, { integration: 'azure', period: march, owners: [], number: 2 });
    world.asked.length = 0;
    await api.call(createCustomer, { body: { name: 'Later' } });
    expect(world.asked.splice(0)).toEqual(['additions 2025-03']);
    await api.call(updateCustomer, { params: { customerId: body.id }, body: { name: 'Renamed' }, ifMatch: '"1"' });
    expect(world.asked.toSorted()).toEqual(['additions 2025-03', 'split aws-main 2025-03']);
  });
});
