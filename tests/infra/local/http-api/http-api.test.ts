import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type HttpApiStandIn, startHttpApi } from '../../../../infra/local/http-api/http-api.ts';
import type { HttpApiConfiguration } from '../../../../infra/local/http-api/http-api-configuration.ts';
import { type IssuerStandIn, startIssuer } from '../../../../infra/local/issuer/issuer.ts';
import type { TokenMaker } from '../../../../infra/local/issuer/tokens.ts';
import { type LambdaStandIn, startLambda } from '../../../../infra/local/lambda/lambda.ts';
import { type StandIn, serve } from '../../../../infra/local/stand-in.ts';
import { bundleOf, functionOf } from '../lambda/bundle-of.ts';

const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc';
const ARN = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
/** Answers what the request asks for, else the event itself. */
const ECHO = `
  export const handler = async (event) => {
    const answer = event.queryStringParameters?.answer;
    if (answer === 'throw') throw new Error('no');
    if (answer === 'slow') await new Promise((resolve) => setTimeout(resolve, 1000));
    return answer?.startsWith('{') || answer?.startsWith('"') ? JSON.parse(answer) : event;
  };`;
/** What tests look at in an event, or in an answer of the gateway's own, which has nothing but a message. */
const Seen = z.looseObject({
  message: z.string().optional(),
  rawPath: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z
    .looseObject({
      authorizer: z
        .object({ jwt: z.object({ claims: z.record(z.string(), z.string()), scopes: z.array(z.string()).nullable() }) })
        .optional(),
    })
    .optional(),
});
const seen = async (response: Response) => Seen.parse(await response.json());
let folder: string;
let lambda: LambdaStandIn;
let issuer: IssuerStandIn;
let tokens: TokenMaker;
let api: HttpApiStandIn;
/** Where the authorizer of the next call looks for the issuer's keys. */
let documentsAt: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'http-api-'));
  lambda = await startLambda({ region: 'eu-central-1', folder, machineVariables: () => ({}) });
  lambda.deploy(functionOf(bundleOf(folder, 'echo', ECHO), { name: 'echo', arn: ARN('echo') }));
  issuer = await startIssuer({ folder: join(folder, 'issuer') });
  tokens = await issuer.actAs({ issuer: ISSUER, clientId: 'client-1' });
  api = await startHttpApi({ invoke: lambda.invoke });
});
afterAll(async () => {
  await Promise.all([api.close(), lambda.close(), issuer.close()]);
  rmSync(folder, { recursive: true });
});

function configure(
  routes: readonly (Partial<HttpApiConfiguration['routes'][number]> & { routeKey: string })[],
  more: Partial<HttpApiConfiguration> = {},
) {
  api.configure({
    apiId: 'api1234567',
    accountId: '111122223333',
    stage: '$default',
    stageVariables: {},
    ...more,
    routes: routes.map((route) => ({ functionArn: ARN('echo'), timeoutMilliseconds: 30_000, scopes: [], ...route })),
  });
}
const authorizer = () => ({
  issuer: ISSUER,
  documentsAt: documentsAt ?? issuer.endpoint,
  audience: ['client-1'],
  identitySource: '$request.header.Authorization',
});
const get = (path: string, init: RequestInit = {}) => fetch(`${api.endpoint}${path}`, init);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
describe('the event of payload format 2.0', () => {
  test('has every field of AWS’s example, and leaves absent what is absent', async () => {
    configure([{ routeKey: 'ANY /customers/{id}' }], { stageVariables: { mode: 'a' } });
    const response = await get('/customers/a%20b?x=1&x=2&y=%C3%A4', {
      headers: { Cookie: 'c1=1; c2=2', 'X-Mixed': 'Case' },
    });
    const event = await seen(response);
    const host = new URL(api.endpoint).host;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /customers/{id}',
      rawPath: '/customers/a b',
      rawQueryString: 'x=1&x=2&y=%C3%A4',
      cookies: ['c1=1', 'c2=2'],
      headers: {
        'x-mixed': 'Case',
        'x-forwarded-proto': 'http',
        'x-forwarded-for': expect.stringContaining('127.0.0.1'),
        host,
      },
      queryStringParameters: { x: '1,2', y: 'ä' },
      pathParameters: { id: 'a b' },
      stageVariables: { mode: 'a' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '111122223333',
        apiId: 'api1234567',
        domainName: host,
        http: {
          method: 'GET',
          path: '/customers/a b',
          protocol: 'HTTP/1.1',
          sourceIp: expect.stringContaining('127.0.0.1'),
        },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'ANY /customers/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
    });
    expect(event).not.toHaveProperty('body');
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  test.each([
    ['application/json', '{"a":1}', false],
    ['application/json; charset=utf-8', '{"a":"ä"}', false],
    ['text/csv', 'a,b', false],
    ['application/octet-stream', '\u0001', true],
    ['application/x-www-form-urlencoded', 'a=1', true],
  ])('a body of %s', async (type, body, isBase64Encoded) => {
    configure([{ routeKey: '$default' }]);
    const event = await seen(await get('/x', { method: 'POST', body, headers: { 'content-type': type } }));
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(body);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
describe('the function’s answer', () => {
  const ask = (answer: unknown) => get(`/?answer=${encodeURIComponent(JSON.stringify(answer))}`);

  test('with a status code is taken field by field', async () => {
    configure([{ routeKey: '$default' }]);
    const response = await ask({
      statusCode: 201,
      headers: { 'Content-Type': 'text/csv', 'X-Number': 5 },
      cookies: ['a=1', 'b=2'],
      body: 'YSxi',
      isBase64Encoded: true,
    });
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('x-number'),
      await response.text(),
    ]).toEqual([201, 'text/csv', '5', 'a,b']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('without one is the body of a 200', async () => {
    const object = await ask({ message: 'hello' });
    expect([object.status, object.headers.get('content-type'), await object.text()]).toEqual([
      200,
      'application/json',
      '{"message":"hello"}',
    ]);
    expect(await (await ask('plain')).text()).toBe('plain');
  });

  test('without a type is text', async () => {
    expect((await ask({ statusCode: 200, body: 'x' })).headers.get('content-type')).toBe('text/plain;charset=utf-8');
  });

  test.each([
    ['no status', { statusCode: 'many' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
  ])('of a wrong shape (%s) is an Internal Server Error', async (_, answer) => {
    const response = await ask(answer);
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
describe('answers of the gateway’s own', () => {
  const answer = async (response: Promise<Response>) => {
    const { status, headers } = await response;
    return { status, type: headers.get('content-type'), body: await (await response).json() };
  };

  test('an unknown route', async () => {
    configure([{ routeKey: 'GET /known' }]);
    expect(await answer(get('/unknown'))).toEqual({
      status: 404,
      type: 'application/json',
      body: { message: 'Not Found' },
    });
    expect((await get('/known', { method: 'DELETE' })).status).toBe(404);
  });

  test('an error of the function, and a function that is not there', async () => {
    configure([{ routeKey: 'GET /throws' }, { routeKey: 'GET /gone', functionArn: ARN('gone') }]);
    for (const path of ['/throws?answer=throw', '/gone'])
      expect(await answer(get(path))).toMatchObject({ status: 500, body: { message: 'Internal Server Error' } });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  test('an integration that takes too long', async () => {
    configure([{ routeKey: '$default', timeoutMilliseconds: 200 }]);
    expect(await answer(get('/?answer=slow'))).toMatchObject({ status: 503, body: { message: 'Service Unavailable' } });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  test('a body above ten megabytes', async () => {
    configure([{ routeKey: '$default' }]);
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect(await answer(get('/', { method: 'POST', body }))).toMatchObject({
      status: 413,
      body: { message: 'Request Entity Too Large' },
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  test('path, query and headers above 10,240 bytes', async () => {
    configure([{ routeKey: '$default' }]);
    expect(await answer(get(`/?text=${'x'.repeat(10_240)}`))).toMatchObject({
      status: 431,
      body: { message: 'Request Header Fields Too Large' },
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
  test('more requests than the throttle lets through', async () => {
    configure([{ routeKey: 'GET /few', throttle: { ratePerSecond: 0.1, burst: 2 } }, { routeKey: 'GET /many' }]);
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await get('/few')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(await answer(get('/few'))).toMatchObject({ body: { message: 'Too Many Requests' } });
    expect((await get('/many')).status).toBe(200);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
  test('a stage of another name serves below its own path only', async () => {
    configure([{ routeKey: 'GET /x' }], { stage: 'v1' });
    expect((await seen(await get('/v1/x'))).rawPath).toBe('/v1/x');
    expect((await get('/x')).status).toBe(404);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
  test('a preflight is answered for an origin that is allowed, and answers to it are marked', async () => {
    configure([{ routeKey: 'GET /x' }], {
      cors: {
        allowOrigins: ['https://portal.example'],
        allowMethods: ['GET'],
        allowHeaders: ['authorization'],
        exposeHeaders: ['x-id'],
        maxAgeSeconds: 60,
        allowCredentials: true,
      },
    });
    const headers = { origin: 'https://portal.example', 'access-control-request-method': 'GET' };
    const preflight = await get('/x', { method: 'OPTIONS', headers });
    expect([
      preflight.status,
      preflight.headers.get('access-control-allow-origin'),
      preflight.headers.get('access-control-allow-methods'),
      preflight.headers.get('access-control-max-age'),
    ]).toEqual([204, 'https://portal.example', 'GET', '60']);
    expect(
      (await get('/x', { headers: { origin: 'https://portal.example' } })).headers.get('access-control-allow-origin'),
    ).toBe('https://portal.example');
    expect(
      (await get('/x', { headers: { origin: 'https://evil.example' } })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
describe('the JWT authorizer', () => {
  const call = async (token: string | undefined, scopes: readonly string[] = []) => {
    configure([{ routeKey: '$default', authorizer: authorizer(), scopes }]);
    const response = await get('/', token === undefined ? {} : { headers: { authorization: token } });
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      body: await seen(response),
    };
  };

  test('lets an access token of the pool’s client in and hands its claims over as text', async () => {
    const token = await tokens.accessToken({ sub: 'user-1', groups: ['a', 'b'] });
    const { status, body } = await call(`Bearer ${token}`);
    expect(status).toBe(200);
    expect(body.requestContext?.authorizer?.jwt).toEqual({
      claims: {
        sub: 'user-1',
        'cognito:groups': '[a b]',
        iss: ISSUER,
        version: '2',
        client_id: 'client-1',
        origin_jti: expect.any(String),
        event_id: expect.any(String),
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        auth_time: expect.stringMatching(/^\d{10}$/),
        exp: expect.stringMatching(/^\d{10}$/),
        iat: expect.stringMatching(/^\d{10}$/),
        jti: expect.any(String),
        username: 'user-1',
      },
      scopes: null,
    });
    expect((await call(token)).status).toBe(200);
  });

  test('asks for one of a route’s scopes', async () => {
    const token = await tokens.accessToken({ sub: 'u', scope: 'read write' });
    const { status, body } = await call(token, ['write', 'admin']);
    expect([status, body.requestContext?.authorizer?.jwt.scopes]).toEqual([200, ['read', 'write']]);
    expect(await call(token, ['admin'])).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
      challenge: expect.stringContaining('insufficient_scope'),
    });
  });

  /** A token signed by any key with any header and claims. */
  const forged = async (claims: object, header: { alg: string; kid?: string }, secret?: Uint8Array) => {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT({ sub: 'u', iss: ISSUER, client_id: 'client-1', exp: 4102444800, ...claims })
      .setProtectedHeader(header)
      .sign(secret ?? privateKey);
  };
  const kid = async () =>
    String(
      JSON.parse(Buffer.from((await tokens.accessToken({ sub: 'u' })).split('.')[0] ?? '', 'base64url').toString()).kid,
    );
  const unsigned = async () => {
    const [, payload] = (await tokens.accessToken({ sub: 'u' })).split('.');
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  };
  const tampered = async () => {
    const [header, payload = '', signature] = (await tokens.accessToken({ sub: 'u' })).split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'admin' };
    return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  };

  test.each([
    ['no token', async () => undefined, 'Bearer'],
    ['an empty one', async () => 'Bearer ', 'Bearer'],
    ['no JWT', async () => 'Bearer abc', 'signature is invalid'],
    ['an expired one', async () => tokens.accessToken({ sub: 'u', expiresInSeconds: -10 }), 'the token has expired'],
    [
      'one of another client',
      async () => tokens.accessToken({ sub: 'u', clientId: 'client-2' }),
      'the token does not have a valid audience',
    ],
    [
      'one of another issuer',
      async () =>
        (await issuer.actAs({ issuer: 'https://evil.example', clientId: 'client-1' })).accessToken({ sub: 'u' }),
      'the token does not have a valid iss',
    ],
    ['one that is not valid yet', async () => forgedBy({ nbf: 4102444000 }), 'the token does not have a valid nbf'],
    ['one that was issued in the future', async () => forgedBy({ iat: 4102444000 }), 'the token is not valid yet'],
    ['one without an end', async () => forgedBy({ exp: undefined }), 'the token does not have a valid exp'],
    ['one signed by another key', async () => forged({}, { alg: 'RS256', kid: await kid() }), 'signature is invalid'],
    ['one that names an unknown key', async () => forged({}, { alg: 'RS256', kid: 'other' }), 'signature is invalid'],
    [
      'one signed by the public key as a secret',
      async () => forged({}, { alg: 'HS256', kid: await kid() }, Buffer.from('x'.repeat(32))),
      'signature is invalid',
    ],
    ['one without a signature', unsigned, 'signature is invalid'],
    ['one that was changed', tampered, 'signature is invalid'],
  ])('refuses %s', async (_, make, reason) => {
    const { status, body, challenge } = await call(await make());
    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(challenge).toBe(
      reason === 'Bearer' ? 'Bearer' : `Bearer scope="" error="invalid_token" error_description="${reason}"`,
    );
    await issuer.actAs({ issuer: ISSUER, clientId: 'client-1' });
    documentsAt = undefined;
  });

  test('an ID token of the same client passes the gateway, since its `aud` is the client: the API must look at token_use', async () => {
    const { status, body } = await call(await tokens.idToken({ sub: 'u' }));
    expect([status, body.requestContext?.authorizer?.jwt.claims.token_use]).toEqual([200, 'id']);
  });

  test('looks at `aud` alone where there is one', async () => {
    expect((await call(await forgedBy({ aud: 'client-2' }))).status).toBe(401);
    expect((await call(await forgedBy({ aud: ['x', 'client-1'], client_id: 'client-2' }))).status).toBe(200);
    documentsAt = undefined;
  });

  /** Signed with a key that is the issuer's, for claims that its own tokens never have. */
  let other: { keys: StandIn; sign: (claims: object) => Promise<string> } | undefined;
  afterAll(async () => other?.keys.close());
  async function forgedBy(claims: object): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    await other?.keys.close();
    const keys = await serve((request, response) => {
      const documents: Record<string, object> = {
        '/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: `${keys.endpoint}/jwks` },
        '/jwks': { keys: [jwk] },
      };
      response.end(JSON.stringify(documents[request.url ?? '']));
    });
    other = {
      keys,
      sign: (more) =>
        new SignJWT({ sub: 'u', iss: ISSUER, client_id: 'client-1', exp: 4102444800, ...more })
          .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
          .sign(privateKey),
    };
    documentsAt = keys.endpoint;
    return other.sign(claims);
  }
});
