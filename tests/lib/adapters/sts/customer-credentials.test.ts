import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessDenied } from '../../../../infra/local/iam/access-denied.ts';
import { ADMINISTRATOR } from '../../../../infra/local/iam/principal.ts';
import { type StsStandIn, startSts } from '../../../../infra/local/sts/sts.ts';
import { customerCredentials } from '../../../../lib/adapters/sts/customer-credentials.ts';
import { customerId } from '../../ports/ids-of-test.ts';

const ROLE = 'arn:aws:iam::111122223333:role/CustomerReader';
let sts: StsStandIn;
let client: STSClient;

beforeAll(async () => {
  sts = await startSts({
    authorize: ({ session }) => {
      if (session.tags.customer !== customerId(9)) return;
      const access = { action: 'sts:AssumeRole', resource: session.roleArn };
      throw new AccessDenied(ADMINISTRATOR, access, { allowed: false, why: 'no-resource-policy' });
    },
  });
  client = new STSClient({
    endpoint: sts.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
  });
});
afterAll(() => sts.close());

test('A customer’s session carries that customer’s tag and nothing more, for a quarter of an hour', async () => {
  const { accessKeyId, sessionToken, expiration } = await customerCredentials(client, ROLE, customerId(1));
  expect(sessionToken).not.toBe('');
  expect(expiration.getTime() - Date.now()).toBeGreaterThan(14 * 60_000);
  expect(expiration.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  expect(sts.sessionOf(accessKeyId)).toMatchObject({
    roleArn: ROLE,
    sessionName: customerId(1),
    tags: { customer: customerId(1) },
  });
});

test('Two customers never share a session, and who is not let in gets none', async () => {
  const [one, two] = await Promise.all([1, 2].map((number) => customerCredentials(client, ROLE, customerId(number))));
  expect(one?.accessKeyId).not.toBe(two?.accessKeyId);
  await expect(customerCredentials(client, ROLE, customerId(9))).rejects.toMatchObject({ name: 'AccessDenied' });
});
