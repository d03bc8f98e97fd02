import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL } from '../../infra/cli/local-names.ts';
import { openIssuerKeys } from '../../infra/local/issuer/issuer-keys.ts';
import { tokenMaker } from '../../infra/local/issuer/tokens.ts';
import { openProduct, type Product } from './open-product.ts';
import { sendRequest } from './send-request.ts';

const COSTS = `/v1/costs?period=2025-03&customerId=cus_${'0'.repeat(26)}`;

describe('a token that is not an access token of this deployment is refused on every route', () => {
  let product: Product;
  let strangerFolder: string;

  beforeAll(async () => {
    product = await openProduct();
    strangerFolder = await mkdtemp(join(tmpdir(), 'apportion-stranger-'));
  });
  afterAll(async () => {
    await product.close();
    await rm(strangerFolder, { recursive: true, force: true });
  });

  const keysOfMachine = () => openIssuerKeys(join(product.folder, 'machine/issuer'));
  const identity = () => ({ issuer: product.machine.issuer.issuer, clientId: product.machine.issuer.clientId });
  /** What our own issuer would say of the partner, to be signed by somebody else. */
  const claims = () => ({
    sub: LOCAL.partnerSubject,
    iss: identity().issuer,
    client_id: identity().clientId,
    token_use: 'access',
    exp: Math.floor(Date.now() / 1000) + 3600,
  });
  const sub = LOCAL.partnerSubject;

  const REFUSED: Readonly<Record<string, () => Promise<string | undefined>>> = {
    none: async () => undefined,
    'one that is no token': async () => 'partner',
    'one of another issuer': async () =>
      tokenMaker({ ...identity(), issuer: 'https://issuer.example' }, await keysOfMachine()).accessToken({ sub }),
    'one signed by another issuer in our name': async () =>
      tokenMaker(identity(), await openIssuerKeys(strangerFolder)).accessToken({ sub }),
    'one that has expired': () => product.machine.issuer.accessToken({ sub, expiresInSeconds: -1 }),
    'one for another client': () => product.machine.issuer.accessToken({ sub, clientId: 'another-client' }),
    'an ID token': () => product.machine.issuer.idToken({ sub }),
    'one without a signature (alg none)': async () => new UnsecuredJWT(claims()).encode(),
    'one signed with our public key as a secret (HS256)': async () => {
      const { kid, publicJwk } = await keysOfMachine();
      const key = await importJWK({ ...publicJwk, alg: 'RS256' }, 'RS256', { extractable: true });
      if (key instanceof Uint8Array) throw new Error('the issuer’s key is not public');
      const secret = new TextEncoder().encode(await exportSPKI(key));
      return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
    },
    'one whose claims were changed': async () => {
      const [head, , signature] = (await product.machine.issuer.accessToken({ sub: 'somebody' })).split('.');
      return [head, Buffer.from(JSON.stringify(claims())).toString('base64url'), signature].join('.');
    },
  };

  test.each(Object.keys(REFUSED))('%s: 401', async (which) => {
    const token = await REFUSED[which]?.();
    for (const path of [COSTS, '/v1/runs', '/v1/me'])
      expect((await sendRequest(product.machine, path, { token })).status, path).toBe(401);
    const preview = { method: 'POST', body: JSON.stringify({ rule: {} }) };
    expect((await sendRequest(product.machine, '/v1/rules/preview', { token, ...preview })).status).toBe(401);
  });

  test('while the partner’s own token is taken, and the open documents need none', async () => {
    expect(
      (await sendRequest(product.machine, '/v1/runs', { token: await product.machine.issuer.accessToken({ sub }) }))
        .status,
    ).toBe(200);
    expect((await sendRequest(product.machine, '/v1/openapi.json')).status).toBe(200);
    expect((await sendRequest(product.machine, '/v1/docs')).status).toBe(200);
  });

  test('a good token of somebody to whom nobody gave a role opens nothing', async () => {
    const token = await product.machine.issuer.accessToken({ sub: 'nobody', groups: ['partner', 'admin'] });
    for (const path of [COSTS, '/v1/runs', '/v1/customers'])
      expect([401, 403], path).toContain((await sendRequest(product.machine, path, { token })).status);
  });
});
