import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { CONTRACTS } from '../../lib/contracts/all-contracts.ts';
import type { Contract } from '../../lib/contracts/contract.ts';
import { ProblemBody } from '../../lib/contracts/problem-body.ts';
import { CustomerId } from '../../lib/domain/ids.ts';
import { FIRST_PARTNER, type RunningApi, startApi } from './running-api.ts';
import { type Sending, send } from './send.ts';

/** Read by the logger when it is made: a line for each of a thousand requests helps nobody. */
vi.hoisted(() => {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
});

const CUSTOMER_SUB = 'user-of-contoso';

let api: RunningApi;
let partner: string;
let contoso: string;
let contosoToken: string;

beforeAll(async () => {
  api = await startApi();
  partner = await api.tokens.accessToken({ sub: FIRST_PARTNER });
  const made = await ask('POST', '/v1/customers', { body: { name: 'Contoso' } });
  contoso = z.object({ id: CustomerId }).parse(made.json).id;
  await ask('PUT', `/v1/users/${CUSTOMER_SUB}`, { body: { role: 'customer', customerId: contoso } });
  contosoToken = await api.tokens.accessToken({ sub: CUSTOMER_SUB });
});
afterAll(() => api.close());

/** One request, as the partner unless it says otherwise. */
const ask = (method: string, path: string, sending: Partial<Sending> = {}) =>
  send(`${api.url}${path}`, method, { token: partner, ...sending });

describe('Over HTTP', () => {
  test('an unknown path is a 404 problem, also with a slash at the end or in another case', async () => {
    for (const path of ['/v1/nothing', '/', '/v1/customers/', '/V1/customers', '/v1/customers/a/b', '/v2/customers']) {
      const { status, json, headers } = await ask('GET', path);
      expect({ path, status, code: json?.code }).toEqual({ path, status: 404, code: 'not_found' });
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test.each([
    ['DELETE', '/v1/customers', 'GET, POST'],
    ['PATCH', '/v1/customers/cus_000000000000', 'GET, PUT'],
    ['GET', '/v1/rules/order', 'PUT'],
    ['GET', '/v1/rules/preview', 'POST'],
    ['DELETE', '/v1/assignments', 'GET, POST, PUT'],
    ['POST', '/v1/openapi.json', 'GET'],
    ['DELETE', '/v1/docs', 'GET'],
  ])('%s %s is 405 with the methods there are', async (method, path, allow) => {
    const { status, headers, json } = await ask(method, path);
    expect({ status, code: json?.code }).toEqual({ status: 405, code: 'method_not_allowed' });
    expect(headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow);
  });

  test.each([
    ['nothing', '', 'the body is empty'],
    ['half of it', '{"name": "x"', 'the body is not JSON'],
    ['no JSON', 'name=x', 'the body is not JSON'],
  ])('a body of %s is a 400 problem', async (_, raw, reason) => {
    const { status, json } = await ask('POST', '/v1/customers', { raw });
    expect({ status, code: json?.code, details: json?.details }).toEqual({
      status: 400,
      code: 'malformed_body',
      details: { reason },
    });
  });

  test('a body that is not UTF-8 is refused, one of another content type read as it is', async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]);
    const headers = { 'content-type': 'application/octet-stream' };
    const broken = await ask('POST', '/v1/customers', { raw: bytes, headers });
    expect(broken.json).toMatchObject({ status: 400, details: { reason: 'the body is not UTF-8' } });
    const plain = await ask('POST', '/v1/customers', { body: { name: 'Über 表' }, headers });
    expect(plain.json).toMatchObject({ name: 'Über 表' });
  });

  test.each([
    [[], '/'],
    ['text', '/'],
    [null, '/'],
    [{}, '/name'],
    [{ name: 1 }, '/name'],
    [{ name: '' }, '/name'],
    [{ name: 'x'.repeat(201) }, '/name'],
    [{ name: 'x', id: 'cus_000000000000' }, '/'],
  ])('a customer of %j is refused at %s', async (body, pointer) => {
    const { status, json } = await ask('POST', '/v1/customers', { body });
    expect(status).toBe(422);
    expect(ProblemBody.parse(json).errors?.map((one) => one.pointer)).toEqual([pointer]);
  });

  test('a field of a prototype is a field like any other', async () => {
    const { status } = await ask('POST', '/v1/customers', { raw: '{"name":"x","__proto__":{"role":"partner"}}' });
    expect(status).toBe(422);
    expect((await ask('POST', '/v1/customers', { raw: '{"__proto__":{"name":"x"}}' })).status).toBe(422);
  });

  test('ids in a path are decoded once, whatever they hold', async () => {
    const sub = 'auth0|a:b@c+d=~.e';
    const { status, json } = await ask('PUT', `/v1/users/${encodeURIComponent(sub)}`, { body: { role: 'partner' } });
    expect({ status, json }).toEqual({ status: 200, json: { sub, role: 'partner' } });
    for (const path of ['/v1/customers/%2e%2e', '/v1/customers/%00', '/v1/customers/%E0%A4%A', "/v1/customers/'%20OR"])
      expect([404, 422]).toContain((await ask('GET', path)).status);
    expect((await ask('GET', '/v1/customers/%63us_000000000000')).json).toMatchObject({ code: 'not_found' });
  });

  test('a sub account of any characters is named in the query', async () => {
    const id = '/subscriptions/50%25 &=+#?, "x"';
    await ask('POST', '/v1/assignments', { body: { owner: contoso, subAccounts: [{ subAccountId: id }] } });
    const { status, json, headers } = await ask('PUT', `/v1/assignments?subAccountId=${encodeURIComponent(id)}`, {
      body: { owners: [] },
      headers: { 'if-match': '"1"' },
    });
    expect({ status, json }).toEqual({
      status: 200,
      json: { subAccountId: id, provider: null, owners: [], version: 2 },
    });
    expect(headers.get('etag')).toBe('"2"');
  });

  test('answers are not kept by anybody on the way', async () => {
    for (const path of ['/v1/customers', '/v1/nothing'])
      expect((await ask('GET', path)).headers.get('cache-control')).toBe('no-store');
  });

  test('a deletion answers 204 and no body', async () => {
    const rule = { name: 'r', type: 'back_out', startDate: '2025-03-01', customers: 'all' };
    const made = await ask('POST', '/v1/rules', { body: rule });
    expect(made.headers.get('etag')).toBe('"1"');
    const { status, text } = await ask('DELETE', `/v1/rules/${made.json.id}`, { headers: { 'if-match': '"1"' } });
    expect({ status, text }).toEqual({ status: 204, text: '' });
  });

  test('what we did not foresee is 500 with a reference and nothing of its cause', async () => {
    api.world.ledgerAnswers.fails = new Error('s3://lake-secret is on fire');
    const { status, json, text } = await ask('GET', '/v1/costs?period=2025-03', { token: contosoToken });
    api.world.ledgerAnswers.fails = undefined;
    expect({ status, code: json?.code, details: json?.details }).toEqual({
      status: 500,
      code: 'internal',
      details: { reference: 'request-1' },
    });
    expect(text).not.toContain('fire');
  });
});

describe('The open documents', () => {
  test('are read without a token and name the API where it is', async () => {
    const { status, json } = await ask('GET', '/v1/openapi.json', { token: null });
    expect({ status, openapi: json.openapi, servers: json.servers }).toEqual({
      status: 200,
      openapi: '3.1.0',
      servers: [{ url: api.url }],
    });
  });

  test('have a page for people with every operation and every problem', async () => {
    const { status, text, headers } = await ask('GET', '/v1/docs', { token: null });
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const { method, path } of Object.values<Contract>(CONTRACTS)) expect(text).toContain(`${method} ${path}`);
    expect(text).toContain('subaccount_linked_elsewhere');
  });
});
