import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AthenaStandIn, startAthena } from '../../../../infra/local/athena/athena.ts';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { type StandIn, serve } from '../../../../infra/local/stand-in.ts';
import { athenaCustomerLedger } from '../../../../lib/adapters/athena/athena-customer-ledger.ts';
import { customerId } from '../../ports/ids-of-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'customer-ledger-'));
let s3: S3StandIn;
let athena: AthenaStandIn;
let front: StandIn;
/** The access key that signed each call. */
const signedBy: string[] = [];

beforeAll(async () => {
  s3 = await startS3({ folder });
  s3.ensureBucket('lake');
  athena = await startAthena({
    objects: s3.objects,
    tables: [],
    databases: ['apportion'],
    workGroups: [{ name: 'customers', outputLocation: 's3://lake/athena-customers/' }],
  });
  front = await serve(async (request, response) => {
    const { authorization = '', 'x-amz-target': target = '' } = request.headers;
    signedBy.push(/Credential=(\w+)\//.exec(authorization)?.[1] ?? '');
    const answer = await fetch(athena.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': String(target) },
      body: await text(request),
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(await answer.text());
  });
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL_ATHENA', front.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([front.close(), athena.close(), s3.close()]);
  rmSync(folder, { recursive: true, force: true });
});

test('Each customer’s query is signed in that customer’s own session from its start to its last row', async () => {
  const ledger = athenaCustomerLedger(
    async (id) => ({ accessKeyId: `KEY${id.slice(-1)}`, secretAccessKey: 'secret', sessionToken: 'token' }),
    { workGroup: 'customers', database: 'apportion', pollMilliseconds: 5 },
  );
  for (const number of [1, 2]) {
    signedBy.length = 0;
    expect(await ledger.query(customerId(number), `SELECT ${number} AS n`)).toEqual([{ n: String(number) }]);
    expect(signedBy.length).toBeGreaterThanOrEqual(3);
    expect(new Set(signedBy)).toEqual(new Set([`KEY${number}`]));
  }
});

test('Without a session nothing is asked', async () => {
  signedBy.length = 0;
  const ledger = athenaCustomerLedger(
    async () => {
      throw new Error('AccessDenied');
    },
    { workGroup: 'customers', database: 'apportion' },
  );
  await expect(ledger.query(customerId(1), 'SELECT 1')).rejects.toThrow('AccessDenied');
  expect(signedBy).toEqual([]);
});
