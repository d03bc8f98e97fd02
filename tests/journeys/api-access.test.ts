import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { LOCAL } from '../../infra/cli/local-names.ts';
import { CONTRACTS } from '../../lib/contracts/all-contracts.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { explainRow } from '../../lib/contracts/rows/explain-row.ts';
import { putUser } from '../../lib/contracts/users/put-user.ts';
import { COST_COLUMNS } from '../../lib/focus/columns.ts';
import type { BillRow } from './csv.ts';
import { PATIENT } from './deliver-anyhow.ts';
import { exact, multiply, plain, sumOf } from './exact.ts';
import type { Product } from './open-product.ts';
import { publishedRowsOf } from './published-rows-of.ts';
import { sendRequest } from './send-request.ts';
import { OWNED, openSmallPartner, SMALL_BILL } from './small-partner.ts';

const RULES = [
  {
    name: 'Secret uplift',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '12.5',
    startDate: '2025-01-01',
    customers: 'all',
  },
  {
    name: 'Care',
    type: 'charge',
    amount: '300',
    serviceName: 'Managed care',
    startDate: '2025-03-01',
    customers: ['Contoso'],
  },
];
const PERIOD = '2025-03';
const CUSTOMER = 'user-of-contoso';
const Line = z.record(z.string(), z.unknown());
const Lines = z.looseObject({ items: z.array(Line), totals: z.array(Line) });

let product: Product;
let ids: Awaited<ReturnType<typeof openSmallPartner>>['ids'];
let summary: Summary;

beforeAll(async () => {
  ({ product, ids } = await openSmallPartner(RULES));
  summary = await product.published();
  await product.api.call(putUser, { params: { sub: CUSTOMER }, body: { role: 'customer', customerId: ids.Contoso } });
});
afterAll(() => product.close());

const send = (path: string, token?: string, init?: RequestInit) =>
  sendRequest(product.machine, path, { token, ...init });
const customerToken = () => product.machine.issuer.accessToken({ sub: CUSTOMER });
const partnerToken = () => product.machine.issuer.accessToken({ sub: LOCAL.partnerSubject });
const costsPath = (query: Readonly<Record<string, string>> = {}) =>
  `/v1/costs?${new URLSearchParams({ period: PERIOD, ...query })}`;

describe('a customer’s token', () => {
  test('sees its own costs, whether it names itself or not', async () => {
    const own = await send(costsPath(), await customerToken());
    expect(own).toMatchObject({ status: 200, body: { customerId: ids.Contoso, recomputing: false } });
    const named = await send(costsPath({ customerId: ids.Contoso }), await customerToken());
    expect(named.body).toEqual(own.body);
  });

  test('does not learn of another customer: its id is as unknown as one that nobody has', async () => {
    const nobodys = `${ids.Fabrikam.slice(0, -1)}${ids.Fabrikam.endsWith('a') ? 'b' : 'a'}`;
    const [other, unknown] = await Promise.all(
      [ids.Fabrikam, nobodys].map(async (customerId) => send(costsPath({ customerId }), await customerToken())),
    );
    expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(other?.text.replaceAll(ids.Fabrikam, nobodys)).toBe(unknown?.text);
  });

  const partnersOnly = Object.values(CONTRACTS).filter(({ roles }) => !roles.some((role) => role === 'customer'));

  test.each(partnersOnly.map(({ operationId, method, path }) => ({ operationId, method, path })))(
    'BR-23 may not $operationId',
    async ({ method, path }) => {
      const real = path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'customerId' ? ids.Contoso : 'x'));
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' };
      const answer = await send(real, await customerToken(), { method, headers: { 'if-match': '"1"' }, ...body });
      expect(answer).toMatchObject({ status: 403, body: { code: 'partner_admin_required' } });
    },
  );

  test('gains nothing from groups that a token may carry', async () => {
    const token = await product.machine.issuer.accessToken({
      sub: CUSTOMER,
      groups: ['partner'],
      scope: 'partner admin',
    });
    expect((await send('/v1/rules', token)).status).toBe(403);
    expect((await send(costsPath({ customerId: ids.Fabrikam }), token)).status).toBe(404);
  });

  test.each(['service', 'sub_account', 'day'])('is told nothing of what the partner pays, by %s', async (groupBy) => {
    const { body, text } = await send(costsPath({ groupBy }), await customerToken());
    const { items, totals } = Lines.parse(body);
    expect(Object.keys(Object(body)).sort()).toEqual(
      ['customerId', 'groupBy', 'items', 'period', 'publishedAt', 'recomputing', 'totals'].sort(),
    );
    const line = ['BillingCurrency', ...COST_COLUMNS, 'rows'];
    for (const item of items) expect(Object.keys(item).sort()).toEqual([...line, 'key', 'name'].sort());
    for (const total of totals) expect(Object.keys(total).sort()).toEqual([...line].sort());
    const contoso = summary.runs[0]?.customers.find(({ name }) => name === 'Contoso');
    for (const secret of [
      'Secret uplift',
      'Fabrikam',
      ids.Fabrikam,
      contoso?.delivered.BilledCost ?? '',
      '900000000001',
    ])
      expect(text).not.toContain(secret);
  });
});

describe('the costs over the API', () => {
  const NAMES = Object.keys(OWNED) as (keyof typeof OWNED)[];
  const costsOf = async (name: keyof typeof OWNED, groupBy: 'service' | 'sub_account' | 'day') =>
    (await product.api.call(getCosts, { query: { period: PERIOD, customerId: ids[name], groupBy } })).body;
  /** What a customer is charged for a row, by hand: 12.5 % more; the list price is no charge. */
  const charged = ({ BilledCost = '' }: BillRow) => plain(multiply(exact(BilledCost), exact('1.125')));

  test.each(NAMES)('of %s are those of summary.json, charges included, however they are grouped', async (name) => {
    const figures = summary.runs.flatMap(({ customers }) => customers).find((one) => one.name === name);
    const added = summary.additions.flatMap(({ customers }) => customers).find((one) => one.name === name);
    for (const groupBy of ['service', 'sub_account', 'day'] as const) {
      const { items, totals } = await costsOf(name, groupBy);
      for (const cost of COST_COLUMNS) {
        const expected = sumOf([figures?.charged[cost], added?.[cost]]);
        expect(sumOf(items.map((item) => item[cost])), `${groupBy} ${cost}`).toBe(expected);
        expect(totals.map((total) => total[cost])).toEqual([expected]);
      }
      expect(totals.map(({ rows }) => rows)).toEqual([(figures?.charged.rows ?? 0) + (added?.rows ?? 0)]);
    }
  });

  test.each([
    ['service', 'ServiceName', { 'Managed care': '300' }],
    ['sub_account', 'SubAccountId', { null: '300' }],
    ['day', 'ChargePeriodStart', { '2025-03-01': '300' }],
  ] as const)('by %s are what the delivered rows come to', async (groupBy, column, additions) => {
    for (const name of NAMES) {
      const expected: Record<string, string> = name === 'Contoso' ? { ...additions } : {};
      for (const row of SMALL_BILL.filter(({ SubAccountId }) => OWNED[name].some((id) => id === SubAccountId))) {
        const key = (row[column] ?? '').replace(/T.*$/, '');
        expected[key] = sumOf([expected[key], charged(row)]);
      }
      const { items } = await costsOf(name, groupBy);
      expect(Object.fromEntries(items.map(({ key, BilledCost }) => [key, BilledCost]))).toEqual(expected);
    }
  });

  test('are asked for by the partner with a customer’s name, and by nobody for the unassigned', async () => {
    const token = await partnerToken();
    expect((await send(costsPath(), token)).status).toBe(422);
    for (const customerId of ['unassigned', 'partner', '%', "' OR 1=1 --"])
      expect((await send(costsPath({ customerId }), token)).status, customerId).toBe(422);
  });
});

describe('a row explained over the API', () => {
  const path = (rowId: string, query: Readonly<Record<string, string>> = {}) =>
    `/v1/rows/${rowId}/waterfall?${new URLSearchParams(query)}`;
  const rowsOf = (owner: string, table: 'costs' | 'customer_charges') =>
    publishedRowsOf(product.machine, { table, owner, period: PERIOD });
  const explained = (rowId: string) => product.api.call(explainRow, { params: { rowId } });

  test('adds up from delivered to charged, for every row there is, added ones too', PATIENT, async () => {
    for (const name of ['Contoso', 'Fabrikam'] as const) {
      const costs = new Map((await rowsOf(ids[name], 'costs')).map((row) => [row.x_RowId, row]));
      for (const charge of await rowsOf(ids[name], 'customer_charges')) {
        const { body } = await explained(String(charge.x_RowId));
        if (body.view !== 'partner') throw new Error('the partner sees everything');
        expect(body).toMatchObject({ owner: ids[name], ownerName: name, period: PERIOD, inLedger: true });
        const delivered = costs.get(charge.x_RowId);
        expect(body.steps.map(({ stage }) => stage)).toEqual(delivered ? ['commitment', 'rule'] : ['addition']);
        for (const cost of COST_COLUMNS) {
          expect(body.charged[cost]).toBe(plain(exact(String(charge[cost]))));
          const deltas = body.steps.map(({ delta }) => delta[cost]);
          expect(sumOf([plain(exact(String(delivered?.[cost] ?? '0'))), ...deltas])).toBe(body.charged[cost]);
        }
      }
    }
    const [nobodys] = await rowsOf('unassigned', 'costs');
    expect((await explained(String(nobodys?.x_RowId))).body).toMatchObject({ owner: 'unassigned', steps: [] });
  });

  test('shows a customer its own charge, and neither what was delivered nor another’s', PATIENT, async () => {
    const [own] = await rowsOf(ids.Contoso, 'costs');
    const [other] = await rowsOf(ids.Fabrikam, 'costs');
    const answer = await send(path(String(own?.x_RowId)), await customerToken());
    expect(answer).toMatchObject({ status: 200, body: { view: 'customer', customerId: ids.Contoso } });
    expect(answer.text).not.toMatch(/Secret uplift|rul_|delivered/);
    expect((await send(path(String(other?.x_RowId)), await customerToken())).status).toBe(404);
    const query = { customerId: ids.Fabrikam };
    expect((await send(path(String(other?.x_RowId), query), await customerToken())).status).toBe(404);
  });
});
