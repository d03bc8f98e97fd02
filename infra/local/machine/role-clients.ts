import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { MachineRights } from './machine-rights.ts';
import type { Endpoints } from './sdk-environment.ts';

/** The SDK's clients of one role. */
export interface RoleClients {
  readonly athena: AthenaClient;
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly stepFunctions: SFNClient;
}

/** Clients with which a service works under a role; the same ones for the same role again. @throws AccessDenied */
export type ClientsOfRole = (service: string, roleArn: string) => RoleClients;

/**
 * Makes clients that sign with a session of the role, so that the stand-ins check them like any caller. Endpoints are
 * read when a role is met first; a state machine's role is before Step Functions has one, and does not call it.
 */
export function roleClients(rights: MachineRights, endpoints: () => Endpoints, region: string) {
  const made = new Map<string, RoleClients>();
  const clientsOf: ClientsOfRole = (service, roleArn) => {
    const key = `${service} ${roleArn}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const credentials = rights.credentialsOf(service, roleArn, service.split('.')[0] ?? service);
    const at = (endpoint: string) => ({ endpoint, region, credentials });
    const { ATHENA, DYNAMODB, SFN, SQS } = endpoints();
    const clients = {
      athena: new AthenaClient(at(ATHENA)),
      dynamoDb: new DynamoDBClient(at(DYNAMODB)),
      sqs: new SQSClient(at(SQS)),
      stepFunctions: new SFNClient(at(SFN)),
    };
    made.set(key, clients);
    return clients;
  };
  return {
    clientsOf,
    close: (): void => {
      for (const clients of made.values()) for (const client of Object.values(clients)) client.destroy();
    },
  };
}
