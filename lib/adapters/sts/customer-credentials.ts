import type { STSClient } from '@aws-sdk/client-sts';
import type { CustomerId } from '../../domain/ids.ts';
import { SESSION_TAGS } from '../../names/session-tags.ts';
import { assumedCredentials, type SessionCredentials } from './assumed-credentials.ts';

/** Assumes the CustomerReader role for one customer: its session tag bounds everything the session can read. */
export function customerCredentials(
  client: STSClient,
  roleArn: string,
  customerId: CustomerId,
): Promise<SessionCredentials> {
  return assumedCredentials(client, {
    RoleArn: roleArn,
    RoleSessionName: customerId,
    Tags: [{ Key: SESSION_TAGS.customer, Value: customerId }],
  });
}
