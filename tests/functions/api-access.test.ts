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

/** A path of the operation with ids that nothing has. */
function pathOf({ path }: Contract): string {
  const none: Record<string, string> = {
    customerId: 'cus_000000000000',
    integrationId: 'none',
    ruleId: 'rul_000000000000',
    deliveryId: `dlv_${'0'.repeat(40)}`,
    runId: `run_${'0'.repeat(40)}`,
    period: '2025-03',
    sub: 'nobody',
    previewId: `prv_${'0'.repeat(32)}`,
    rowId: `${'0'.repeat(32)}-0`,
  };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => none[name] ?? name);
}

const REFUSALS = ['unauthenticated', 'no_role', 'partner_admin_required'];

describe.each(Object.values<Contract>(CONTRACTS))('$operationId', (contract) => {
  const askAs = (token: string | null) =>
    ask(contract.method, pathOf(contract), { token, ...(contract.body ? { body: {} } : {}) });

  test('is closed without a token, and to one that is forged, expired, of another issuer or of another client', async () => {
    const sub = FIRST_PARTNER;
    const tokens = [
      null,
      'no.token.atall',
      `${partner.slice(0, -4)}AAAA`,
      await api.otherTokens.accessToken({ sub }),
      await api.forgedTokens.accessToken({ sub }),
      await api.tokens.accessToken({ sub, expiresInSeconds: -60 }),
      await api.tokens.accessToken({ sub, clientId: 'client-2' }),
    ];
    for (const token of tokens) {
      const { status, headers, json } = await askAs(token);
      expect({ status, json }).toEqual({ status: 401, json: { message: 'Unauthorized' } });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('is closed to an id token, which says so in our own words', async () => {
    const { status, headers, json } = await askAs(await api.tokens.idToken({ sub: FIRST_PARTNER }));
    expect(status).toBe(401);
    expect(ProblemBody.strict().parse(json).code).toBe('unauthenticated');
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  test('is closed to a user whom nobody has given a role', async () => {
    const { status, json } = await askAs(
      await api.tokens.accessToken({ sub: 'stranger', groups: ['partner', 'admin'] }),
    );
    expect(status).toBe(403);
    expect(REFUSALS).toContain(ProblemBody.strict().parse(json).code);
  });

  test(`is open to the partner, and ${contract.roles.includes('customer') ? 'open' : 'closed'} to a customer’s user`, async () => {
    const asPartner = await askAs(partner);
    expect(REFUSALS).not.toContain(asPartner.json?.code);
    expect(asPartner.status).toBeLessThan(500);
    const asCustomer = await askAs(contosoToken);
    if (contract.roles.includes('customer')) expect(REFUSALS).not.toContain(asCustomer.json?.code);
    else expect(asCustomer.json).toMatchObject({ status: 403, code: 'partner_admin_required' });
  });
});

describe('A customer’s user', () => {
  test('has its own costs, its own rows and itself, and nothing else in the whole API', () => {
    const open = Object.values<Contract>(CONTRACTS).filter(({ roles }) => roles.includes('customer'));
    expect(open.map(({ operationId }) => operationId).sort()).toEqual(['explainRow', 'getCosts', 'getMe']);
  });

  test('cannot be made the partner by what its token says', async () => {
    const token = await api.tokens.accessToken({ sub: CUSTOMER_SUB, username: FIRST_PARTNER, groups: ['partner'] });
    expect((await ask('GET', '/v1/me', { token })).json).toEqual({
      sub: CUSTOMER_SUB,
      role: 'customer',
      customerId: contoso,
    });
    expect((await ask('GET', '/v1/customers', { token })).status).toBe(403);
  });
});
