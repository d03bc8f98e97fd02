import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbStandIn, startDynamoDb } from '../../../../infra/local/dynamodb/dynamodb.ts';
import { createTable, type Item, keyOf } from './dynamodb.testbed.ts';
import { CLIENT, endpointElsewhere, INSIDE_ONLY, isLeftOut } from './suite-target.ts';

const TableName = 'registry';
const NOW = new Date('2026-11-22T10:00:00Z');
const secondsFromNow = (seconds: number) => ({ N: `${NOW.getTime() / 1000 + seconds}` });

// Skipped elsewhere, because it looks inside our own process.
describe.skipIf(isLeftOut('dynamodb') || endpointElsewhere('dynamodb') !== undefined)(
  `DynamoDB stand-in (${INSIDE_ONLY})`,
  () => {
    let folder: string;
    let standIn: DynamoDbStandIn;
    let client: DynamoDBClient;

    async function start(): Promise<void> {
      standIn = await startDynamoDb({ folder, now: () => NOW });
      client = new DynamoDBClient({ ...CLIENT, endpoint: standIn.endpoint });
    }
    async function restart(between: () => Promise<unknown> = async () => {}): Promise<void> {
      client.destroy();
      await standIn.close();
      await between();
      await start();
    }
    const put = (item: Item) => client.send(new PutItemCommand({ TableName, Item: item }));
    const get = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: keyOf(pk) }))).Item;
    const switchTtl = (Enabled: boolean) => {
      const TimeToLiveSpecification = { AttributeName: 'expires', Enabled };
      return client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    };

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dynamodb-'));
      await start();
      await createTable(client, TableName);
    });
    afterEach(async () => {
      client.destroy();
      await standIn.close();
      await rm(folder, { recursive: true });
    });

    test('calls that are under way when it ends are cut off, and nothing else breaks', async () => {
      const calls = Array.from({ length: 200 }, (_, index) => put(keyOf(`${index}`)));
      const ends = Promise.allSettled(calls);
      await calls[0];
      await standIn.close();
      expect((await ends).some(({ status }) => status === 'rejected')).toBe(true);
      await start();
    });

    test('tables, items and time to live are there after a restart', async () => {
      await put({ ...keyOf('a'), n: { N: '1' } });
      await switchTtl(true);
      await restart();
      expect(await get('a')).toEqual({ ...keyOf('a'), n: { N: '1' } });
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    });

    test('a transaction that the end of the process cut short is undone at the next start', async () => {
      await put({ ...keyOf('changed'), v: { N: '2' } });
      await put(keyOf('created'));
      const before = [
        { TableName, Key: keyOf('changed'), item: { ...keyOf('changed'), v: { N: '1' } } },
        { TableName, Key: keyOf('created') },
        { TableName, Key: keyOf('deleted'), item: keyOf('deleted') },
      ];
      await restart(() => writeFile(join(folder, 'transaction.json'), JSON.stringify(before)));
      expect((await get('changed'))?.v).toEqual({ N: '1' });
      expect([await get('created'), await get('deleted')]).toEqual([undefined, keyOf('deleted')]);
      await put(keyOf('created'));
      await restart();
      expect(await get('created')).toEqual(keyOf('created'));
    });

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-how-to.html
    test('what is past its time goes; what is to come, has no number or is five years past stays', async () => {
      await put({ ...keyOf('past'), expires: secondsFromNow(-1) });
      await put({ ...keyOf('due'), expires: secondsFromNow(0) });
      await put({ ...keyOf('future'), expires: secondsFromNow(1) });
      await put({ ...keyOf('text'), expires: { S: '1' } });
      await put({ ...keyOf('ancient'), expires: secondsFromNow(-6 * 365 * 24 * 3600) });
      await put(keyOf('none'));
      expect(await standIn.sweep()).toBe(0);
      await switchTtl(true);
      expect(await standIn.sweep()).toBe(2);
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      expect(Items.map(({ pk }) => pk?.S).sort()).toEqual(['ancient', 'future', 'none', 'text']);
    });

    test('more expired items than fit on one page all go', async () => {
      await switchTtl(true);
      for (let index = 0; index < 4; index++)
        await put({ ...keyOf(`p${index}`), expires: secondsFromNow(-1), b: { S: 'x'.repeat(390_000) } });
      expect(await standIn.sweep()).toBe(4);
    });

    test('time to live is switched off again, and not switched twice', async () => {
      await put({ ...keyOf('past'), expires: secondsFromNow(-1) });
      await switchTtl(true);
      await expect(switchTtl(true)).rejects.toMatchObject({ name: 'ValidationException' });
      await switchTtl(false);
      await expect(switchTtl(false)).rejects.toMatchObject({ name: 'ValidationException' });
      expect(await standIn.sweep()).toBe(0);
    });

    test('a table made anew does not inherit the time to live of the old one', async () => {
      await switchTtl(true);
      await client.send(new DeleteTableCommand({ TableName }));
      // Asynchronous, as AWS has it: the name is taken until the table is gone.
      await waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
      await createTable(client, TableName);
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED');
    });

    test('a table’s ARN has the region and the account it was started with', async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      expect(Table?.TableArn).toBe('arn:aws:dynamodb:eu-central-1:111122223333:table/registry');
      const indexArn = Table?.GlobalSecondaryIndexes?.[0]?.IndexArn;
      expect(indexArn).toBe('arn:aws:dynamodb:eu-central-1:111122223333:table/registry/index/byG');
    });

    test('an unsigned request is refused, for operations of our own too', async () => {
      for (const operation of ['GetItem', 'TransactWriteItems']) {
        const headers = {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
        };
        const answer = await fetch(standIn.endpoint, { method: 'POST', headers, body: '{}' });
        expect(answer.status).toBe(400);
      }
    });
  },
);
