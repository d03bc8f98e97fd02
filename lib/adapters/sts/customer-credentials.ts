import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { CustomerId } from '../../domain/ids.ts';
import { SESSION_TAGS } from '../../names/session-tags.ts';

/** Credentials of a session, as the SDK's clients take them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session must live for at least 15 minutes (STS, AssumeRole). */
const SESSION_SECONDS = 900;

/** Assumes the CustomerReader role for one customer: its session tag bounds everything the session can read. */
export async function customerCredentials(
  client: STSClient,
  roleArn: string,
  customerId: CustomerId,
): Promise<SessionCredentials> {
  const { Credentials } = await client.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: customerId,
      DurationSeconds: SESSION_SECONDS,
      Tags: [{ Key: SESSION_TAGS.customer, Value: customerId }],
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new Error('STS answered AssumeRole without credentials');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
