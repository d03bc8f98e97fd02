import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessDenied } from '../../../../infra/local/iam/access-denied.ts';
import { ADMINISTRATOR } from '../../../../infra/local/iam/principal.ts';
import { type AssumeRoleRequest, type StsStandIn, startSts } from '../../../../infra/local/sts/sts.ts';
import { CLIENT } from './suite-target.ts';

const RoleArn = 'arn:aws:iam::111122223333:role/stack/CustomerReader';
const asked: AssumeRoleRequest[] = [];

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
describe('STS', () => {
  let standIn: StsStandIn;
  let client: STSClient;
  let time = new Date('2026-11-22T10:00:00Z');

  beforeAll(async () => {
    const authorize = (request: AssumeRoleRequest) => {
      asked.push(request);
      if (!request.session.roleArn.endsWith('Closed')) return;
      const access = { action: 'sts:AssumeRole', resource: request.session.roleArn };
      throw new AccessDenied(ADMINISTRATOR, access, { allowed: false, why: 'no-resource-policy' });
    };
    standIn = await startSts({ now: () => time, authorize });
    client = clientOf(CLIENT.credentials);
  });
  afterAll(async () => {
    client.destroy();
    await standIn.close();
  });

  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    new STSClient({ ...CLIENT, endpoint: standIn.endpoint, credentials });

  async function assume(more: Partial<AssumeRoleCommandInput> = {}, by = client) {
    const answer = await by.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'api', ...more }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
    return {
      ...answer,
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    };
  }

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
  test('the credentials lead back to role, session name and tags', async () => {
    const Tags = [
      { Key: 'customer', Value: 'cus_1 ü' },
      { Key: 'integration', Value: 'int_1' },
    ];
    const { credentials, Credentials, AssumedRoleUser } = await assume({ Tags, DurationSeconds: 900 });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/CustomerReader/api');
    expect(Credentials?.Expiration).toEqual(new Date('2026-11-22T10:15:00Z'));
    expect(credentials.accessKeyId).toMatch(/^ASIA[0-9A-Z]{16}$/);
    expect(standIn.sessionOf(credentials.accessKeyId)).toMatchObject({
      roleArn: RoleArn,
      sessionName: 'api',
      tags: { customer: 'cus_1 ü', integration: 'int_1' },
    });
    expect(asked.at(-1)).toMatchObject({
      signature: { accessKeyId: CLIENT.credentials.accessKeyId },
      requestTags: { customer: 'cus_1 ü', integration: 'int_1' },
    });
  });

  test('two sessions of one role are two', async () => {
    const [one, two] = [await assume(), await assume()];
    expect(one.credentials.accessKeyId).not.toBe(two.credentials.accessKeyId);
  });

  test('a session policy is kept for whoever decides', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    const { credentials } = await assume({ Policy });
    expect(standIn.sessionOf(credentials.accessKeyId)?.policy).toBe(Policy);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
  test('transitive tags go on to the next role and cannot be given another value', async () => {
    const Tags = [
      { Key: 'customer', Value: 'cus_1' },
      { Key: 'other', Value: 'x' },
    ];
    const { credentials } = await assume({ Tags, TransitiveTagKeys: ['customer'] });
    const chained = clientOf(credentials);
    const next = await assume({ RoleArn: `${RoleArn}Two`, Tags: [{ Key: 'more', Value: 'y' }] }, chained);
    const session = standIn.sessionOf(next.credentials.accessKeyId);
    expect(session?.tags).toEqual({ customer: 'cus_1', more: 'y' });
    const forged = assume({ Tags: [{ Key: 'Customer', Value: 'cus_2' }] }, chained);
    await expect(forged).rejects.toMatchObject({ name: 'AccessDenied' });
    const tooLong = assume({ DurationSeconds: 7200 }, chained);
    await expect(tooLong).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test.each<[string, Partial<AssumeRoleCommandInput>, string]>([
    ['a role that is no role’s ARN', { RoleArn: 'arn:aws:iam::111122223333:user/somebody' }, 'ValidationError'],
    ['a session name with a blank', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['fourteen minutes', { DurationSeconds: 840 }, 'ValidationError'],
    ['51 tags', { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })) }, 'ValidationError'],
    ['a tag value with a star', { Tags: [{ Key: 'customer', Value: '*' }] }, 'ValidationError'],
    [
      'one tag key twice, in two cases',
      { Tags: ['customer', 'Customer'].map((Key) => ({ Key, Value: 'v' })) },
      'InvalidParameterValue',
    ],
    ['a transitive key that is no tag', { TransitiveTagKeys: ['customer'] }, 'InvalidParameterValue'],
    ['a role that does not let the caller in', { RoleArn: `${RoleArn}Closed` }, 'AccessDenied'],
  ])('%s is refused', async (_name, more, name) => {
    await expect(assume(more)).rejects.toMatchObject({ name });
  });

  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  test('a caller is told who it is, until its session ends', async () => {
    const { credentials } = await assume({ DurationSeconds: 900 });
    const session = clientOf(credentials);
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/CustomerReader/api',
    });
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111122223333:root');
    time = new Date(time.getTime() + 900_000);
    expect(standIn.sessionOf(credentials.accessKeyId)).toBeUndefined();
    const expired = session.send(new GetCallerIdentityCommand({}));
    await expect(expired).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  test('an unsigned request is refused', async () => {
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    expect((await fetch(standIn.endpoint, { method: 'POST', body })).status).toBe(403);
  });
});
