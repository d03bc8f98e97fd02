import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MachineLog } from '../../../../infra/local/machine/machine-log.ts';
import { OWNER_CREDENTIALS } from '../../../../infra/local/machine/sdk-environment.ts';
import type { Machine } from '../../../../infra/local/machine.ts';
import { startMachine } from '../../../../infra/local/start-machine.ts';
import { smallTemplate, writeBundles, writeTemplate } from './small-template.ts';

/** Inside the project, so that the hand-written bundles find the SDK; real ones carry it. */
const scratch = join(import.meta.dirname, '../../../../node_modules/.cache/machine-tests');
let folder: string;
let machine: Machine | undefined;
const lines: MachineLog[] = [];

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, 'm-'));
  lines.length = 0;
});
afterEach(async () => {
  await machine?.close();
  machine = undefined;
  rmSync(folder, { recursive: true, force: true });
});

type Small = ReturnType<typeof smallTemplate>;

async function start(change: (template: Small) => void = () => undefined): Promise<Machine> {
  const template = smallTemplate();
  change(template);
  machine = await startMachine({
    templateFile: writeTemplate(folder, template),
    distFolder: writeBundles(folder),
    folder: join(folder, 'state'),
    stackName: 'small',
    onLog: (line) => lines.push(line),
  });
  return machine;
}

function clientsOf({ endpoints, region }: Machine) {
  const credentials = OWNER_CREDENTIALS;
  return {
    s3: new S3Client({ endpoint: endpoints.S3, region, credentials, forcePathStyle: true }),
    sqs: new SQSClient({ endpoint: endpoints.SQS, region, credentials }),
    sfn: new SFNClient({ endpoint: endpoints.SFN, region, credentials }),
    db: new DynamoDBClient({ endpoint: endpoints.DYNAMODB, region, credentials }),
  };
}
const land = (running: Machine, key: string, Body = 'a,b,c') =>
  clientsOf(running).s3.send(
    new PutObjectCommand({ Bucket: running.resource('AWS::S3::Bucket', 'Landing').name, Key: key, Body }),
  );
const executions = async (running: Machine) =>
  (
    await clientsOf(running).sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: running.resource('AWS::StepFunctions::StateMachine', 'Machine').ref,
      }),
    )
  ).executions ?? [];
const ended = async (running: Machine) => {
  await expect
    .poll(async () => (await executions(running)).map(({ status }) => status), { timeout: 60_000 })
    .not.toContain('RUNNING');
  return executions(running);
};
async function delivered(running: Machine, key: string) {
  await land(running, key);
  await expect.poll(async () => (await executions(running)).length, { timeout: 60_000 }).toBe(1);
  const [execution] = await ended(running);
  const { sfn } = clientsOf(running);
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: execution?.executionArn, maxResults: 1000 }),
  );
  const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return { ...(await sfn.send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }))), states };
}
const messagesIn = async (running: Machine, id: string) => {
  const { Attributes = {} } = await clientsOf(running).sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: running.resource('AWS::SQS::Queue', id).ref, AttributeNames: ['All'] }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
};
const written = (source: string) =>
  lines.filter((line) => line.source.includes(`-${source}-`) && line.stream === 'stdout').map(({ line }) => line);

describe('a template on one machine', () => {
  test('runs from the object that lands to the item that is kept, and the API reads it', async () => {
    const started = performance.now();
    const running = await start();
    expect(performance.now() - started).toBeLessThan(10_000);
    const { status, states } = await delivered(running, 'int_1/bill.csv');
    expect([status, states]).toEqual(['SUCCEEDED', ['Read', 'Work', 'Keep', 'Announce', 'Done']]);
    const { Item } = await clientsOf(running).db.send(
      new GetItemCommand({
        TableName: running.resource('AWS::DynamoDB::Table', 'Table').name,
        Key: { pk: { S: 'int_1/bill.csv' } },
      }),
    );
    expect(Item?.doubled).toEqual({ N: '10' });
    const token = await running.issuer.accessToken({ sub: 'user-1' });
    const response = await fetch(`${running.outputs.ApiUrl}/items/int_1%2Fbill.csv`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([response.status, await response.json()]).toEqual([200, { doubled: '10', sub: 'user-1' }]);
    expect((await fetch(`${running.apiUrl}/items/x`)).status).toBe(401);
    expect((await fetch(`${running.apiUrl}/other`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      404,
    );
    const { Messages = [] } = await clientsOf(running).sqs.send(
      new ReceiveMessageCommand({ QueueUrl: running.resource('AWS::SQS::Queue', 'Announced').ref, WaitTimeSeconds: 5 }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(['{"key":"int_1/bill.csv"}']);
  });

  test('takes up where it was when it starts again in the same folder', async () => {
    const first = await start();
    const token = await first.issuer.accessToken({ sub: 'user-1' });
    await delivered(first, 'bill.csv');
    const { endpoints, apiUrl } = first;
    await first.close();
    await first.close();
    const second = await start();
    expect([second.endpoints, second.apiUrl]).toEqual([endpoints, apiUrl]);
    expect((await executions(second)).map(({ name }) => name)).toEqual(['bill-csv']);
    const response = await fetch(`${second.apiUrl}/items/bill.csv`, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toEqual({ doubled: '10', sub: 'user-1' });
  });

  test('resumes an execution that was under way', async () => {
    const first = await start((template) => {
      template.Resources.WorkMapping.Properties = {
        ...template.Resources.WorkMapping.Properties,
        ...{ Enabled: false },
      };
    });
    await land(first, 'bill.csv');
    await expect.poll(() => messagesIn(first, 'Work'), { timeout: 60_000 }).toBe(1);
    await first.close();
    const second = await start();
    expect((await ended(second)).map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  test('fires a schedule', async () => {
    const running = await start();
    await running.eventBridge.fireSchedule(running.resource('AWS::Events::Rule', 'Sweep').name);
    await expect.poll(() => written('Start'), { timeout: 5000 }).toEqual(['swept']);
  });

  test('closes at once though a function runs, a poll waits and an execution is under way', async () => {
    const running = await start((template) => {
      template.Resources.Read.Properties.Timeout = 60;
    });
    await land(running, 'bill.csv');
    await expect.poll(async () => (await executions(running)).length, { timeout: 60_000 }).toBe(1);
    const started = performance.now();
    await running.close();
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('names the parameter that is missing and leaves nothing running', async () => {
    await expect(
      start((template) => Object.assign(template.Parameters, { Owner: { Type: 'String' } })),
    ).rejects.toThrow('Owner: parameter must have a value');
    await expect(
      start((template) => Object.assign(template.Resources.Read.Properties.Code, { S3Key: 'v1/nothing.zip' })),
    ).rejects.toThrow('Read: its code v1/nothing.zip is not in');
  });
});

test('a definition that Step Functions refuses is named', async () => {
  const broken = start((template) => {
    const { Properties } = template.Resources.Machine;
    Properties.DefinitionString = Properties.DefinitionString.replace('"Next":"Keep"', '"Next":"Nowhere"');
  });
  await expect(broken).rejects.toThrow(/^Machine: .*Nowhere/);
});

describe('what is not in the template does not exist', () => {
  test('without the event rule nothing runs', async () => {
    const running = await start((template) => Reflect.deleteProperty(template.Resources, 'Landed'));
    await land(running, 'bill.csv');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await executions(running)).toEqual([]);
    expect(written('Start')).toEqual([]);
  });

  test('without EventBridge on the bucket nothing runs', async () => {
    const running = await start((template) => {
      Reflect.deleteProperty(template.Resources.Landing.Properties, 'NotificationConfiguration');
    });
    await land(running, 'bill.csv');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(written('Start')).toEqual([]);
  });

  test('without the mapping the message stays in its queue', async () => {
    const running = await start((template) => Reflect.deleteProperty(template.Resources, 'IntakeMapping'));
    await land(running, 'bill.csv');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await messagesIn(running, 'Intake')).toBe(1);
  });

  test('without its environment variable a function fails, and the execution says so by name', async () => {
    const running = await start((template) =>
      Object.assign(template.Resources.Read.Properties.Environment, { Variables: {} }),
    );
    const { status, error, cause, states } = await delivered(running, 'bill.csv');
    expect([status, error, states]).toEqual(['FAILED', 'ReadFailed', ['Read', 'Failed']]);
    expect(cause).toContain('ConfigurationError');
    expect(cause).toContain('LANDING is not set');
  });

  test('another Next is another path', async () => {
    const running = await start((template) => {
      const { Properties } = template.Resources.Machine;
      Properties.DefinitionString = Properties.DefinitionString.replace(
        '"Next":"Work","Catch"',
        '"Next":"Skipped","Catch"',
      );
    });
    const { status, states } = await delivered(running, 'bill.csv');
    expect([status, states]).toEqual(['SUCCEEDED', ['Read', 'Skipped']]);
  });

  test.each([
    [1, 1],
    [3, 3],
  ])('after %i receives at most, a message is a dead letter', async (maxReceiveCount, receives) => {
    const running = await start((template) => {
      template.Resources.Intake.Properties.RedrivePolicy.maxReceiveCount = maxReceiveCount;
    });
    await land(running, 'poison.csv');
    await expect.poll(() => messagesIn(running, 'IntakeDlq'), { timeout: 60_000 }).toBe(1);
    expect(written('Start').filter((line) => line === 'landed poison.csv')).toHaveLength(receives);
  });

  test('a route that is taken out is not found, and one without an authorizer is open', async () => {
    const running = await start((template) => {
      const { ItemRoute } = template.Resources;
      Object.assign(ItemRoute.Properties, { RouteKey: 'GET /open/{key}', AuthorizationType: 'NONE' });
    });
    expect((await fetch(`${running.apiUrl}/items/x`)).status).toBe(404);
    expect((await fetch(`${running.apiUrl}/open/x`)).status).toBe(500);
  });

  test('an event that finds no target is told', async () => {
    const running = await start((template) => {
      template.Resources.Landed.Properties.Targets = [{ Id: 'Gone', Arn: { 'Fn::GetAtt': ['Role', 'Arn'] } }];
    });
    await land(running, 'bill.csv');
    const told = () => lines.filter(({ source }) => source === 'event-bridge').map(({ line }) => line);
    await expect
      .poll(told)
      .toEqual([expect.stringContaining('could not reach arn:aws:iam::111122223333:role/small-Role-')]);
    expect(readFileSync(join(folder, 'state/logs/machine.log'), 'utf8')).toContain('could not reach');
  });
});
