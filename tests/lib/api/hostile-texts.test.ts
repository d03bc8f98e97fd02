import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assignSubAccounts } from '../../../lib/contracts/assignments/assign-sub-accounts.ts';
import { listAssignments } from '../../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../../lib/contracts/assignments/replace-assignment.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { getCustomer } from '../../../lib/contracts/customers/get-customer.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { getRule } from '../../../lib/contracts/rules/get-rule.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { HOSTILE_TEXTS } from '../rules/hostile-texts.ts';
import { donePreview } from './done-preview.ts';
import { openPreviewWorld } from './published-costs.ts';

let world: Awaited<ReturnType<typeof openPreviewWorld>>;
let contoso: CustomerId;

beforeAll(async () => {
  world = await openPreviewWorld();
  contoso = (await world.api.call(createCustomer, { body: { name: 'Contoso' } })).body.id;
});
afterAll(() => world.close());

const BASE = { name: 'Draft', type: 'back_out', startDate: '2025-01-01', customers: 'all' } as const;
const TEXTS = HOSTILE_TEXTS.map((text, index) => ({ text, index }));

describe('A hundred hostile texts', () => {
  test('are a hundred', () => expect(new Set(HOSTILE_TEXTS).size).toBeGreaterThanOrEqual(100));

  test.each(TEXTS)('$text survives as a customer’s name and as the partner’s', async ({ text, index }) => {
    const name = `${text}${index}`;
    const { body } = await world.api.call(createCustomer, { body: { name } });
    expect((await world.api.call(getCustomer, { params: { customerId: body.id } })).body.name).toBe(name);
    const { body: before, etag } = await world.api.call(getSettings);
    const { version: _, ...settings } = before;
    await world.api.call(updateSettings, { body: { ...settings, name }, ifMatch: etag });
    expect((await world.api.call(getSettings)).body.name).toBe(name);
  });

  test.each(TEXTS)('$text survives as a sub account, and as a provider', async ({ text, index }) => {
    const [subAccountId, provider] = [`${text}${index}`, `${text} cloud`];
    for (const named of [{}, { provider }]) {
      const subAccounts = [{ subAccountId, ...named }];
      await world.api.call(assignSubAccounts, { body: { owner: contoso, subAccounts } });
      const query = { subAccountId, ...named };
      const ended = await world.api.call(replaceAssignment, { query, body: { owners: [] }, ifMatch: '"1"' });
      expect(ended.body).toEqual({ subAccountId, provider: null, ...named, owners: [], version: 2 });
    }
  });

  test.each(TEXTS)('$text survives as a rule’s name, tag key and filter value', async ({ text }) => {
    const filter = {
      any: [
        { field: 'ServiceName', op: 'in', values: [text] },
        { field: 'Tags', key: `${text}.`, op: 'contains', values: [text] },
      ],
    };
    const made = (await world.api.call(createRule, { body: { ...BASE, name: `${text}.`, filter } })).body;
    const { rule } = (await world.api.call(getRule, { params: { ruleId: made.id } })).body;
    expect(rule).toMatchObject({ name: `${text}.`, filter });
  });

  test('are all listed again, each as it was sent', async () => {
    const listed = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = (await world.api.call(listAssignments, { query: { limit: '9', ...(cursor ? { cursor } : {}) } }))
        .body;
      for (const { subAccountId } of page.items) listed.add(subAccountId);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    for (const { text, index } of TEXTS) expect(listed).toContain(`${text}${index}`);
  });

  test('match the rows that have them and no others, as values and as tags', async () => {
    const rows = TEXTS.map(({ text, index }) => ({
      ...{ x_RowId: `r${index}`, x_Owner: contoso, ServiceName: text, Tags: { key: text }, BilledCost: '1' },
      ...{ EffectiveCost: '1', ListCost: '1', ContractedCost: '1' },
    }));
    await world.publish({ integration: 'aws-main', period: '2025-03', rows });
    const preview = async (filter: object) =>
      donePreview((await world.api.call(previewRule, { body: { rule: { ...BASE, filter }, order: 1 } })).body)
        .rowsMatched;
    const every = TEXTS.map(({ text }) => text);
    expect(await preview({ field: 'ServiceName', op: 'in', values: every })).toBe(rows.length);
    expect(await preview({ field: 'Tags', key: 'key', op: 'in', values: every })).toBe(rows.length);
    expect(await preview({ field: 'ServiceName', op: 'notIn', values: every })).toBe(0);
    for (const { text } of TEXTS.filter(({ index }) => index % 12 === 0)) {
      const alone = { any: [{ field: 'ServiceName', op: 'in', values: [text] }] };
      expect(await preview(alone), JSON.stringify(text)).toBe(1);
    }
  });

  test.each([
    ['U+0000', 'a\u0000b'],
    ['half a character', 'a\uD83D'],
  ])('stop at %s, which no engine keeps: it is refused by name', async (what, text) => {
    const [owner, customers] = [contoso, 'all'];
    const sent = [
      [createCustomer, { body: { name: text } }, '/name'],
      [assignSubAccounts, { body: { owner, subAccounts: [{ subAccountId: text }] } }, '/subAccounts/0/subAccountId'],
      [createRule, { body: { ...BASE, customers, name: text } }, '/name'],
      [
        createRule,
        { body: { ...BASE, customers, filter: { field: 'ServiceName', op: 'in', values: [text] } } },
        '/filter/values/0',
      ],
    ] as const;
    for (const [contract, request, pointer] of sent) {
      const { status, errors = [] } = await world.api.refused(contract, request);
      expect({ status, pointers: errors.map((one) => one.pointer) }).toEqual({ status: 422, pointers: [pointer] });
      expect(errors[0]?.detail).toContain(what);
    }
  });
});
