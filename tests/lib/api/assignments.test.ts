import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assignSubAccounts } from '../../../lib/contracts/assignments/assign-sub-accounts.ts';
import { listAssignments } from '../../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../../lib/contracts/assignments/replace-assignment.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { listSubAccounts } from '../../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { IntegrationId } from '../../../lib/domain/ids.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

let world: ApiWorld;
let api: ApiCaller;
let T1: CustomerId;
let T2: CustomerId;
let next = 100_000_000_000;
/** A sub account that no other test uses. */
function freshId(): string {
  next += 1;
  return String(next);
}

beforeAll(async () => {
  world = await openApiWorld();
  api = apiCaller(world);
  T1 = (await api.call(createCustomer, { body: { name: 'T1' } })).body.id;
  T2 = (await api.call(createCustomer, { body: { name: 'T2' } })).body.id;
});
beforeEach(() => {
  world.asked.length = 0;
});
afterAll(() => world.close());

const assign = async (owner: string, ...subAccounts: readonly object[]) =>
  (await api.call(assignSubAccounts, { body: { owner, subAccounts } })).body.items;
const refused = (owner: string, ...subAccounts: readonly object[]) =>
  api.refused(assignSubAccounts, { body: { owner, subAccounts } });

describe('Assignments', () => {
  test('begin on the first day of the current month unless they say otherwise', async () => {
    const [bare, always, dated] = [freshId(), freshId(), freshId()];
    const items = await assign(
      T1,
      { subAccountId: bare },
      { subAccountId: always, from: null },
      { subAccountId: dated, from: '2025-02-10', to: '2025-02-28', provider: 'AWS' },
    );
    expect(items).toEqual([
      { subAccountId: bare, provider: null, owners: [{ owner: T1, from: '2025-03-01', to: null }], version: 1 },
      { subAccountId: always, provider: null, owners: [{ owner: T1, from: null, to: null }], version: 1 },
      {
        subAccountId: dated,
        provider: 'AWS',
        owners: [{ owner: T1, from: '2025-02-10', to: '2025-02-28' }],
        version: 1,
      },
    ]);
  });

  test('take 40 sub accounts in one call, all or none, and no more', async () => {
    const forty = Array.from({ length: 40 }, () => ({ subAccountId: freshId() }));
    expect(await assign(T1, ...forty)).toHaveLength(40);
    expect((await refused(T1, ...forty, { subAccountId: freshId() })).code).toBe('invalid_request');
  });

  test('of no sub account at all are refused by name', async () => {
    expect(await refused(T1)).toMatchObject({ status: 422, code: 'subaccounts_required' });
  });

  test('BS-12 of a sub account that is linked elsewhere are a conflict with the way to its owner, and write nothing', async () => {
    const [taken, free] = [freshId(), freshId()];
    await assign(T2, { subAccountId: taken, from: '2025-03-01', to: '2025-03-31' });
    const before = await world.world.config.revision();
    const problem = await refused(T1, { subAccountId: free }, { subAccountId: taken });
    expect(problem).toMatchObject({
      status: 409,
      code: 'subaccount_linked_elsewhere',
      links: { tenant: `/v1/customers/${T2}` },
      details: { subAccountId: taken, owner: T2, from: '2025-03-01', to: '2025-03-31' },
    });
    expect(await world.world.assignments.find(free, null)).toBeUndefined();
    expect(await world.world.config.revision()).toBe(before);
  });

  test('BS-13 that name a sub account twice are refused, ids ignoring the case of ASCII letters', async () => {
    expect(await refused(T1, { subAccountId: 'sub-A' }, { subAccountId: 'SUB-a' })).toMatchObject({
      status: 422,
      code: 'duplicate_subaccount',
    });
    const [upper, lower] = ['É1', 'é1'];
    expect(await assign(T1, { subAccountId: upper }, { subAccountId: lower })).toHaveLength(2);
    const id = freshId();
    expect(await assign(T1, { subAccountId: id }, { subAccountId: id, provider: 'AWS' })).toHaveLength(2);
  });

  test.each(Array.from({ length: 10 }, (_, round) => round))(
    'BS-14 of one sub account by two admins at once: exactly one is made, the other is a conflict (round %i)',
    async () => {
      const shared = freshId();
      const all = [T1, T2].map((owner) =>
        api
          .call(assignSubAccounts, {
            body: { owner, subAccounts: [{ subAccountId: freshId() }, { subAccountId: shared }] },
          })
          .then(
            () => 'made',
            (error: Error) => error.message,
          ),
      );
      const outcomes = await Promise.all(all);
      expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(1);
      expect(outcomes.find((outcome) => outcome !== 'made')).toContain('subaccount_linked_elsewhere');
      const stored = await world.world.assignments.find(shared, null);
      expect(stored?.ranges).toHaveLength(1);
    },
  );

  test('of many sub accounts at once are all made, though each raises the same revision', async () => {
    const before = await world.world.config.revision();
    await Promise.all(Array.from({ length: 12 }, () => assign(T1, { subAccountId: freshId() })));
    expect(await world.world.config.revision()).toBe(before + 12);
  });

  test('move in mid-month on the day given, and the sub account is free after its last day', async () => {
    const id = freshId();
    await assign(T1, { subAccountId: id, from: '2025-03-01' });
    const moved = await api.call(replaceAssignment, {
      query: { subAccountId: id },
      body: {
        owners: [
          { owner: T2, from: '2025-03-16', to: null },
          { owner: T1, from: '2025-03-01', to: '2025-03-15' },
        ],
      },
      ifMatch: '"1"',
    });
    expect(moved.etag).toBe('"2"');
    expect(moved.body.owners).toEqual([
      { owner: T1, from: '2025-03-01', to: '2025-03-15' },
      { owner: T2, from: '2025-03-16', to: null },
    ]);
    await api.call(replaceAssignment, {
      query: { subAccountId: id },
      body: { owners: [{ owner: T1, from: '2025-03-01', to: '2025-03-15' }] },
      ifMatch: '"2"',
    });
    expect((await refused(T2, { subAccountId: id, from: '2025-03-15' })).code).toBe('subaccount_linked_elsewhere');
    expect(await assign(T2, { subAccountId: id, from: '2025-03-16' })).toHaveLength(1);
  });

  test('that touch the same owner’s days are joined', async () => {
    const id = freshId();
    await assign(T1, { subAccountId: id, from: '2025-01-01', to: '2025-01-31' });
    const [joined] = await assign(T1, { subAccountId: id, from: '2025-02-01', to: '2025-02-10' });
    expect(joined?.owners).toEqual([{ owner: T1, from: '2025-01-01', to: '2025-02-10' }]);
    const [apart] = await assign(T1, { subAccountId: id, from: '2025-02-12', to: '2025-02-12' });
    expect(apart?.owners).toHaveLength(2);
  });

  test('can be the partner’s own, and such a conflict has no customer to go to', async () => {
    const id = freshId();
    await assign('partner', { subAccountId: id });
    const problem = await refused(T1, { subAccountId: id });
    expect(problem).toMatchObject({ code: 'subaccount_linked_elsewhere', details: { owner: 'partner' } });
    expect(problem.links).toBeUndefined();
  });

  test('that end before they begin, or are of a day that does not exist, are refused', async () => {
    expect((await refused(T1, { subAccountId: freshId(), from: '2025-03-02', to: '2025-03-01' })).code).toBe(
      'end_before_start',
    );
    expect(await refused(T1, { subAccountId: freshId(), from: '2025-02-30' })).toMatchObject({
      errors: [{ pointer: '/subAccounts/0/from' }],
    });
  });

  test('to a customer that there is not are 404', async () => {
    expect(await refused('cus_000000000000', { subAccountId: freshId() })).toMatchObject({ status: 404 });
    expect((await refused('unassigned', { subAccountId: freshId() })).code).toBe('invalid_request');
  });

  test('are replaced only on the version that was read, without days that overlap', async () => {
    const id = freshId();
    await assign(T1, { subAccountId: id });
    const sent = { query: { subAccountId: id }, body: { owners: [] } };
    expect(await api.refused(replaceAssignment, sent)).toMatchObject({ status: 428 });
    expect(await api.refused(replaceAssignment, { ...sent, ifMatch: '"7"' })).toMatchObject({ status: 412 });
    const twice = [T1, T2].map((owner) => ({ owner, from: '2025-03-01', to: null }));
    const overlapping = { ...sent, body: { owners: twice }, ifMatch: '"1"' };
    expect((await api.refused(replaceAssignment, overlapping)).code).toBe('subaccount_linked_elsewhere');
    const unknown = { ...sent, query: { subAccountId: freshId() }, ifMatch: '"1"' };
    expect(await api.refused(replaceAssignment, unknown)).toMatchObject({ status: 404 });
    const outcomes = await Promise.allSettled(
      [T1, T2].map((owner) =>
        api.call(replaceAssignment, { ...sent, body: { owners: [{ owner, from: null, to: null }] }, ifMatch: '"1"' }),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await api.call(replaceAssignment, { ...sent, ifMatch: '"2"' })).body.owners).toEqual([]);
  });

  test('have their sub account in the query, where an Azure id keeps its slashes', async () => {
    const azure = '/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590';
    await assign(T1, { subAccountId: azure });
    const query = { subAccountId: azure.toUpperCase() };
    const ended = await api.call(replaceAssignment, { query, body: { owners: [] }, ifMatch: '"1"' });
    expect(ended.body.subAccountId).toBe(azure);
  });

  test('are listed with all owners, page by page', async () => {
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = (await api.call(listAssignments, { query: { limit: '7', ...(cursor ? { cursor } : {}) } })).body;
      for (const { subAccountId, provider } of page.items) ids.add(`${subAccountId} ${provider}`);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(ids.size).toBeGreaterThan(60);
  });

  test('ask for the periods whose days they touch, and leave all others up to date', async () => {
    for (const [number, period] of ['2025-01', '2025-02', '2025-03'].entries())
      await publishRun(world, { integration: 'aws-main', period: BillingPeriod.parse(period), owners: [], number });
    world.asked.length = 0;
    await assign(T1, { subAccountId: freshId(), from: '2025-02-10', to: '2025-02-20' });
    expect(world.asked).toEqual(['split aws-main 2025-02']);
    const { items } = (await api.call(listPeriods)).body;
    expect(items.map(({ upToDate }) => upToDate)).toEqual([true, false, true]);
  });
});

describe('Sub accounts seen in bills', () => {
  test('BS-05 are found by part of their name or id, in any case of letters', async () => {
    await world.world.subAccounts.noteSeen(
      IntegrationId.parse('aws-main'),
      [
        { id: '123456789012', name: 'Contoso PROD', provider: 'AWS' },
        { id: '/subscriptions/prod-1', name: null, provider: 'Microsoft' },
        { id: '999999999999', name: 'Sandbox', provider: null },
        { id: 'x'.repeat(2000), name: 'too long to be assigned', provider: null },
      ],
      '2025-03-15T12:00:00.000Z',
    );
    const find = async (q: string) => (await api.call(listSubAccounts, { query: { q, limit: '1' } })).body;
    const first = await find('prod');
    const second = (
      await api.call(listSubAccounts, { query: { q: 'prod', limit: '1', cursor: first.nextCursor ?? '' } })
    ).body;
    expect([...first.items, ...second.items].map(({ displayName }) => displayName).sort()).toEqual([
      '/subscriptions/prod-1',
      'Contoso PROD',
    ]);
    expect((await find('3456')).items.map(({ id }) => id)).toEqual(['123456789012']);
    expect((await find('nothing')).items).toEqual([]);
    expect((await api.call(listSubAccounts)).body.items).toHaveLength(3);
  });
});
