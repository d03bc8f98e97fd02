import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminCreateUserCommand, AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type ApiClient, apiClient } from '../../../infra/cli/api-client.ts';
import { followDelivery, followRuns, type Progress } from '../../../infra/cli/follow-bill.ts';
import { s3ObjectStore } from '../../../lib/adapters/s3/s3-object-store.ts';
import { listDeliveries } from '../../../lib/contracts/deliveries/list-deliveries.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { PARAMETERS } from '../../../lib/names/parameters.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import type { Cloud } from './cloud.ts';
import { signIn } from './sign-in.ts';
import type { Stack } from './stack.ts';

/** A deployed product with its first partner user, as after `docs/deploy.md`. */
export interface Deployment {
  readonly apiUrl: string;
  /** The first partner's access token. */
  readonly token: string;
  readonly api: ApiClient;
  readonly lake: ObjectStore;
  /** Puts a file into the landing bucket. */
  put(key: string, path: string): Promise<void>;
  /** Puts a file there and waits until its delivery is registered and all that is wanted is published. */
  deliver(integrationId: string, key: string, path: string): Promise<void>;
  /** Puts the first file of an integration there and waits for its end: `delivery Failed`, `run Published` … */
  endOf(integrationId: string, key: string, path: string): Promise<string>;
}

/** Long enough for a delivery and its run, however busy the machine is. */
const END_SECONDS_MAX = 900;

const PASSWORD = 'Judged-By-Others-2026!';

/** Makes the first user in the stack's pool, names it to the stack as the first partner, and signs it in. */
export async function openDeployment(
  cloud: Cloud,
  stack: Stack,
  template: string,
  progress: Progress,
): Promise<Deployment> {
  const outputs = await stack.outputs();
  const output = (name: keyof typeof OUTPUTS): string => {
    const value = outputs.get(OUTPUTS[name]);
    if (value === undefined) throw new Error(`the stack has no output ${OUTPUTS[name]}`);
    return value;
  };
  const UserPoolId = output('userPoolId');
  const userName = 'partner@example.com';
  const sub = await createUser(cloud, { UserPoolId, Username: userName });
  const updated = await stack.update(template, { [PARAMETERS.firstPartnerSubject]: sub });
  if (updated !== 'UPDATE_COMPLETE') throw new Error(`${updated}: ${(await stack.failures()).join('; ')}`);

  const token = await signIn({
    client: cloud.cognito,
    poolId: UserPoolId,
    clientId: output('userPoolClientId'),
    userName,
    password: PASSWORD,
  });
  // AWS would resolve the host of the output; here the path says which API is meant.
  const [apiId = ''] = new URL(output('apiUrl')).hostname.split('.');
  const apiUrl = `${cloud.endpoint}/_aws/execute-api/${apiId}/$default`;
  const api = apiClient({ baseUrl: apiUrl, token: async () => token });
  const put = async (Key: string, path: string) => {
    const Bucket = output('landingBucketName');
    await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream(path) }));
  };
  const endNow = async (integrationId: string) => {
    const query = { integrationId } as never;
    const [delivery] = (await api.call(listDeliveries, { query })).body.items;
    const [run] = (await api.call(listRuns, { query })).body.items;
    if (run !== undefined && run.status !== 'Running') return `run ${run.status}`;
    if (delivery === undefined || ['Receiving', 'Registered'].includes(delivery.status)) return undefined;
    return `delivery ${delivery.status}`;
  };
  return {
    ...{ apiUrl, token, api, put },
    lake: s3ObjectStore(cloud.s3, output('lakeBucketName')),
    deliver: async (integrationId, key, path) => {
      const since = new Date();
      await put(key, path);
      await followDelivery(api, integrationId, { key, since }, progress);
      await followRuns(api, progress);
    },
    endOf: async (integrationId, key, path) => {
      await put(key, path);
      for (const patience = Date.now() + END_SECONDS_MAX * 1000; Date.now() < patience; await sleep(500)) {
        const end = await endNow(integrationId);
        if (end !== undefined) return end;
      }
      return 'no end';
    },
  };
}

/** A confirmed user; returns its `sub`. */
async function createUser({ cognito }: Cloud, user: { UserPoolId: string; Username: string }): Promise<string> {
  const { User } = await cognito.send(
    new AdminCreateUserCommand({
      ...user,
      UserAttributes: [
        { Name: 'email', Value: user.Username },
        { Name: 'email_verified', Value: 'true' },
      ],
      TemporaryPassword: PASSWORD,
      MessageAction: 'SUPPRESS',
    }),
  );
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
  const sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
  if (sub === undefined) throw new Error('the user has no sub');
  return sub;
}
