import { join } from 'node:path';
import { startDynamoDb } from '../dynamodb/dynamodb.ts';
import { startIssuer } from '../issuer/issuer.ts';
import type { ObjectCreatedEvent } from '../s3/object-created-event.ts';
import { startS3 } from '../s3/s3.ts';
import { startSqs } from '../sqs/sqs.ts';
import { startSts } from '../sts/sts.ts';
import type { Closing } from './closing.ts';
import type { KeptPorts } from './kept-ports.ts';
import type { MachineRights } from './machine-rights.ts';

/** Where a machine stands and what it keeps. */
export interface MachineHome {
  readonly region: string;
  readonly accountId: string;
  readonly folder: string;
}

/** Starts the stand-ins that need to know nothing of the template, all at once. */
export async function startStores(
  { region, accountId, folder }: MachineHome,
  ports: KeptPorts,
  rights: MachineRights,
  closing: Closing,
  onObjectCreated: (event: ObjectCreatedEvent) => void | Promise<void>,
) {
  const home = { region, accountId };
  const [issuer, sqs, dynamoDb, s3, sts] = await Promise.all([
    closing.started(ports.start('issuer', (port) => startIssuer({ folder: join(folder, 'issuer'), port }))),
    closing.started(ports.start('sqs', (port) => startSqs({ ...home, port, authorize: rights.sqs }))),
    closing.started(
      ports.start('dynamodb', (port) =>
        startDynamoDb({ ...home, folder: join(folder, 'dynamodb'), port, authorize: rights.dynamoDb }),
      ),
    ),
    closing.started(
      ports.start('s3', (port) =>
        startS3({ ...home, folder: join(folder, 's3'), port, onObjectCreated, authorize: rights.s3 }),
      ),
    ),
    closing.started(
      ports.start('sts', (port) => startSts({ accountId, port, sessions: rights.sessions, authorize: rights.sts })),
    ),
  ]);
  return { issuer, sqs, dynamoDb, s3, sts };
}
