import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CONTRACTS } from '../../../lib/contracts/all-contracts.ts';
import type { Contract } from '../../../lib/contracts/contract.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { deleteRule } from '../../../lib/contracts/rules/delete-rule.ts';
import { getRule } from '../../../lib/contracts/rules/get-rule.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { reorderRules } from '../../../lib/contracts/rules/reorder-rules.ts';
import { updateRule } from '../../../lib/contracts/rules/update-rule.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { RuleId } from '../../../lib/domain/ids.ts';
import { type ApiCaller, apiCaller, type Sent } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

const RULE = { type: 'rerate', base: 'billed_cost', offsetPercent: '10', startDate: '2025-03-10', customers: 'all' };
const SOON = { ...RULE, name: 'r1', offsetPercent: '20' };

let world: ApiWorld;
let api: ApiCaller;
let r1: RuleId;
let r2: RuleId;
const opened: ApiWorld[] = [];

beforeEach(async () => {
  world = await openApiWorld();
  opened.push(world);
  api = apiCaller(world);
  const T1 = (await api.call(createCustomer, { body: { name: 'T1' } })).body.id;
  for (const [number, month] of ['2025-02', '2025-03', '2025-04'].entries())
    await publishRun(world, {
      integration: 'acme',
      period: BillingPeriod.parse(month),
      owners: [T1],
      number: number + 1,
    });
  [r1, r2] = [await create('r1'), await create('r2')];
  world.asked.length = 0;
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const create = async (name: string) => (await api.call(createRule, { body: { ...RULE, name } })).body.id;
const etagOfRule = async () => (await api.call(getRule, { params: { ruleId: r1 } })).etag;
const etagOfOrder = async () => (await api.call(listRules)).etag;
const stored = async () => (await api.call(listRules)).body.items.map(({ id, version, rule }) => [id, version, rule]);

/** Every change of what there is, with the ETag that it goes by. */
const CHANGES: readonly [string, Contract, () => Sent, () => Promise<string>][] = [
  ['an edit', updateRule, () => ({ params: { ruleId: r1 }, body: SOON }), () => etagOfRule()],
  ['a deletion', deleteRule, () => ({ params: { ruleId: r1 } }), () => etagOfRule()],
  ['a new order', reorderRules, () => ({ body: { ruleIds: [r2, r1] } }), () => etagOfOrder()],
];

describe.each(CHANGES)('%s', (_, contract, sent, etagOf) => {
  test('must name the version that it is based on: 428 without, 412 when stale or foreign, and nothing happens', async () => {
    const before = await stored();
    const refusals = [
      [undefined, 428, 'precondition_required'],
      ['"99"', 412, 'precondition_failed'],
      ['"0"', 412, 'precondition_failed'],
      [`W/${await etagOf()}`, 412, 'precondition_failed'],
      ['"not-ours"', 412, 'precondition_failed'],
      ['*', 422, 'invalid_request'],
    ] as const;
    for (const [ifMatch, status, code] of refusals)
      expect(await api.refused(contract, { ...sent(), ...(ifMatch ? { ifMatch } : {}) }), ifMatch).toMatchObject({
        ...{ status, code },
      });
    expect(await stored()).toEqual(before);
    expect(world.asked).toEqual([]);
  });

  test('of the current version is made once: the same again is stale', async () => {
    const ifMatch = await etagOf();
    await api.call(contract, { ...sent(), ifMatch });
    const { status } = await api.refused(contract, { ...sent(), ifMatch });
    expect(status).toBe(contract.operationId === 'deleteRule' ? 404 : 412);
  });

  test('made by two at once is made by one', async () => {
    const ifMatch = await etagOf();
    const outcomes = await Promise.allSettled([
      api.call(contract, { ...sent(), ifMatch }),
      api.call(contract, { ...sent(), ifMatch }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('BR-24 has the open months from its start date on priced again at once, and no other', async () => {
    await api.call(contract, { ...sent(), ifMatch: await etagOf() });
    expect(world.asked.toSorted()).toEqual(['split acme 2025-03', 'split acme 2025-04']);
  });
});

test('no rule is changed, deleted or moved but by an operation that asks for If-Match', () => {
  const changing = Object.values<Contract>(CONTRACTS).filter(
    ({ tag, method }) => tag === 'Rules' && (method === 'PUT' || method === 'DELETE'),
  );
  expect(changing.map(({ operationId }) => operationId).sort()).toEqual(['deleteRule', 'reorderRules', 'updateRule']);
  for (const { ifMatch } of changing) expect(ifMatch).toBe('required');
});

test('CH-24 a rule whose start lies in the past has the open months since priced again at once', async () => {
  await api.call(createRule, { body: { ...RULE, name: 'late', startDate: '2025-02-01' } });
  expect(world.asked.toSorted()).toEqual(['split acme 2025-02', 'split acme 2025-03', 'split acme 2025-04']);
});

test('VM-21 the partner’s one order decides, whatever the order in which a rule names its customers', async () => {
  const T2 = (await api.call(createCustomer, { body: { name: 'T2' } })).body.id;
  const T3 = (await api.call(createCustomer, { body: { name: 'T3' } })).body.id;
  for (const customers of [
    [T3, T2],
    [T2, T3],
  ]) {
    await api.call(createRule, { body: { ...RULE, name: 'some', customers } });
    const { items } = (await api.call(listRules)).body;
    expect(items.map(({ order }) => order)).toEqual(items.map((_, at) => at + 1));
    expect(items.at(-1)?.rule.customers).toEqual(customers);
  }
});
