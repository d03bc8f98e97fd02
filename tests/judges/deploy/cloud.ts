import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { S3Client } from '@aws-sdk/client-s3';

/** The account that ministack plays; as an access key it is that account's root. */
export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-central-1';

/** A cloud by its one endpoint, with the unmodified SDK's clients for what an operator does. */
export interface Cloud {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly cloudFormation: CloudFormationClient;
  readonly cognito: CognitoIdentityProviderClient;
  close(): void;
}

/** Clients of an operator who may do everything in the account. */
export function cloudAt(endpoint: string): Cloud {
  const credentials = { accessKeyId: ACCOUNT_ID, secretAccessKey: 'test' };
  const config = { endpoint, region: REGION, credentials };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const cloudFormation = new CloudFormationClient(config);
  const cognito = new CognitoIdentityProviderClient(config);
  return {
    ...{ endpoint, s3, cloudFormation, cognito },
    close: () => {
      for (const client of [s3, cloudFormation, cognito]) client.destroy();
    },
  };
}
