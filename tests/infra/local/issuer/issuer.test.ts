import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type IssuerStandIn, openTokenMaker, startIssuer } from '../../../../infra/local/issuer/issuer.ts';

const identity = { issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc', clientId: 'client-1' };
let folder: string;
let issuer: IssuerStandIn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  issuer = await startIssuer({ folder });
});
afterEach(async () => {
  await issuer.close();
  rmSync(folder, { recursive: true });
});

describe('the local issuer', () => {
  test('makes access tokens with the header and claims of Cognito’s, and no audience', async () => {
    const tokens = await issuer.actAs(identity);
    const token = await tokens.accessToken({ sub: 'user-1', username: 'anna', scope: 'openid', groups: ['partners'] });
    expect(Object.keys(decodeProtectedHeader(token))).toEqual(['kid', 'alg']);
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      sub: 'user-1',
      'cognito:groups': ['partners'],
      iss: identity.issuer,
      version: 2,
      client_id: 'client-1',
      origin_jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      token_use: 'access',
      scope: 'openid',
      auth_time: claims.iat,
      exp: (claims.iat ?? 0) + 3600,
      iat: expect.any(Number),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      username: 'anna',
    });
  });

  test('makes ID tokens, whose audience is the client', async () => {
    const claims = decodeJwt(await (await issuer.actAs(identity)).idToken({ sub: 'user-1', email: 'a@example.com' }));
    expect(claims).toMatchObject({
      aud: 'client-1',
      token_use: 'id',
      email: 'a@example.com',
      'cognito:username': 'user-1',
    });
    expect(claims).not.toHaveProperty('client_id');
  });

  test('is found by its discovery document, and its keys verify its tokens', async () => {
    const tokens = await issuer.actAs(identity);
    const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });
    const discovery = Discovery.parse(
      await (await fetch(`${issuer.endpoint}/.well-known/openid-configuration`)).json(),
    );
    expect(discovery.issuer).toBe(identity.issuer);
    const { payload } = await jwtVerify(
      await tokens.accessToken({ sub: 'u' }),
      createRemoteJWKSet(new URL(discovery.jwks_uri)),
    );
    expect(payload.sub).toBe('u');
    const Keys = z.object({ keys: z.array(z.record(z.string(), z.string())).length(1) });
    const { keys } = Keys.parse(await (await fetch(discovery.jwks_uri)).json());
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect((await fetch(`${issuer.endpoint}/keys.json`)).status).toBe(404);
  });

  test('keeps its keys, so that tokens outlive a restart and another process can make them', async () => {
    const before = await (await issuer.actAs(identity)).accessToken({ sub: 'u' });
    await issuer.close();
    const elsewhere = await openTokenMaker(folder);
    expect(elsewhere).toMatchObject(identity);
    const made = await elsewhere.accessToken({ sub: 'v' });
    issuer = await startIssuer({ folder });
    const keys = createRemoteJWKSet(new URL(`${issuer.endpoint}/.well-known/jwks.json`));
    expect([(await jwtVerify(before, keys)).payload.sub, (await jwtVerify(made, keys)).payload.sub]).toEqual([
      'u',
      'v',
    ]);
    expect(statSync(join(folder, 'keys.json')).mode & 0o077).toBe(0);
  });

  test('tokens of a folder where no machine ever ran are refused with a reason', async () => {
    await expect(openTokenMaker(join(folder, 'nothing'))).rejects.toThrow('no machine has run in');
  });
});
