import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts';

/** Credentials of a session, as the SDK's clients take them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session must live for at least 15 minutes (STS, AssumeRole). */
const SESSION_SECONDS = 900;

/** Assumes a role for the shortest session there is. */
export async function assumedCredentials(
  client: STSClient,
  request: Omit<AssumeRoleCommandInput, 'DurationSeconds'>,
): Promise<SessionCredentials> {
  const { Credentials } = await client.send(new AssumeRoleCommand({ ...request, DurationSeconds: SESSION_SECONDS }));
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
