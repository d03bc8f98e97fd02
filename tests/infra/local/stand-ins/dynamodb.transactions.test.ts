import { randomUUID } from 'node:crypto';
import {
  DeleteItemCommand,
  type TransactGetItem,
  TransactGetItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoDbUnderTest, keyOf } from './dynamodb.testbed.ts';
import { endpointElsewhere, isLeftOut } from './suite-target.ts';

const INVALID = { name: 'ValidationException' };
const CANCELLED = 'TransactionCanceledException';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
describe.skipIf(isLeftOut('dynamodb'))('DynamoDB transactions', () => {
  let time = new Date();
  const db = dynamoDbUnderTest({ now: () => time });
  const { table: TableName } = db;
  const put = (pk: string, more = {}): TransactWriteItem => ({ Put: { TableName, Item: { ...keyOf(pk), ...more } } });
  const addOne = (pk: string): TransactWriteItem => ({
    Update: {
      TableName,
      Key: keyOf(pk),
      UpdateExpression: 'SET v = v + :o',
      ExpressionAttributeValues: { ':o': { N: '1' } },
    },
  });
  const check = (pk: string, ConditionExpression: string, shown: 'ALL_OLD' | 'NONE' = 'NONE'): TransactWriteItem => ({
    ConditionCheck: { TableName, Key: keyOf(pk), ConditionExpression, ReturnValuesOnConditionCheckFailure: shown },
  });
  const countOf = async (pk: string) => (await db.get(pk))?.v?.N;

  test('put, update and delete happen together', async () => {
    await db.put({ ...keyOf('count'), v: { N: '1' } });
    await db.put(keyOf('doomed'));
    await db.transact([put('new'), addOne('count'), { Delete: { TableName, Key: keyOf('doomed') } }]);
    expect([await db.get('new'), await countOf('count'), await db.get('doomed')]).toEqual([
      keyOf('new'),
      '2',
      undefined,
    ]);
  });

  test('when one condition fails nothing happens, and the reasons stand in the order of the actions', async () => {
    await db.put({ ...keyOf('there'), v: { N: '1' } });
    await db.put({ ...keyOf('kept'), v: { N: '1' } });
    const attempt = db.transact([
      put('never'),
      check('there', 'attribute_not_exists(pk)', 'ALL_OLD'),
      addOne('kept'),
      check('absent', 'attribute_exists(pk)', 'ALL_OLD'),
      { Delete: { TableName, Key: keyOf('kept', 'other') } },
    ]);
    await expect(attempt).rejects.toMatchObject({
      name: CANCELLED,
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { ...keyOf('there'), v: { N: '1' } } },
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed' },
        { Code: 'None' },
      ],
    });
    expect([await db.get('never'), await countOf('kept')]).toEqual([undefined, '1']);
  });

  test('a cancelled transaction puts replaced and deleted items back as they were', async () => {
    const item = { ...keyOf('old'), l: { L: [{ N: '1.5' }, { NULL: true }] }, s: { SS: ['a'] } };
    await db.put(item);
    await db.put({ ...keyOf('gone'), v: { N: '1' } });
    const remove = { Delete: { TableName, Key: keyOf('gone') } };
    const attempt = db.transact([put('old', { v: { N: '9' } }), remove, check('nothing', 'attribute_exists(pk)')]);
    await expect(attempt).rejects.toMatchObject({ name: CANCELLED });
    expect([await db.get('old'), await countOf('gone')]).toEqual([item, '1']);
  });

  test('a check that holds changes nothing, of an item or of none', async () => {
    await db.put({ ...keyOf('checked'), v: { N: '1' } });
    await db.transact([
      check('checked', 'attribute_exists(v)'),
      check('unborn', 'attribute_not_exists(pk)'),
      put('witness'),
    ]);
    expect([await db.get('checked'), await db.get('unborn')]).toEqual([
      { ...keyOf('checked'), v: { N: '1' } },
      undefined,
    ]);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (ValidationError)
  test('an update that does not fit its item is a reason to cancel', async ({ skip }) => {
    skip(endpointElsewhere('dynamodb') !== undefined, 'DynamoDB Local refuses the request, unlike the documentation');
    await db.put({ ...keyOf('text'), v: { S: 'one' } });
    await expect(db.transact([put('beside'), addOne('text')])).rejects.toMatchObject({
      name: CANCELLED,
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await db.get('beside')).toBeUndefined();
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (ClientRequestToken)
  test('the same token does not count twice for ten minutes, and takes no other actions', async ({ annotate }) => {
    const token = randomUUID();
    await db.put({ ...keyOf('token'), v: { N: '0' } });
    await db.transact([addOne('token')], token);
    await db.transact([addOne('token')], token);
    expect(await countOf('token')).toBe('1');
    const mismatch = { name: 'IdempotentParameterMismatchException' };
    await expect(db.transact([put('token')], token)).rejects.toMatchObject(mismatch);
    if (endpointElsewhere('dynamodb') !== undefined) return void annotate('only our clock can be moved on');
    time = new Date(time.getTime() + 10 * 60_000);
    await db.transact([addOne('token')], token);
    expect(await countOf('token')).toBe('2');
  });

  test('a token whose transaction was cancelled may be tried again', async () => {
    const token = randomUUID();
    const items = [put('retried'), check('door', 'attribute_exists(pk)')];
    await expect(db.transact(items, token)).rejects.toMatchObject({ name: CANCELLED });
    await db.put(keyOf('door'));
    await db.transact(items, token);
    expect(await db.get('retried')).toEqual(keyOf('retried'));
  });

  test('two actions on one item are refused', async () => {
    const twice = [put('twice'), { Delete: { TableName, Key: keyOf('twice') } }];
    await expect(db.transact(twice)).rejects.toMatchObject(INVALID);
    expect(await db.get('twice')).toBeUndefined();
  });

  test('a hundred actions go through, 101 and none do not', async () => {
    const puts = Array.from({ length: 101 }, (_, index) => put(`many${index}`));
    await expect(db.transact(puts)).rejects.toMatchObject(INVALID);
    await expect(db.transact([])).rejects.toMatchObject(INVALID);
    await db.transact(puts.slice(0, 100));
    expect(await db.get('many99')).toEqual(keyOf('many99'));
  });

  test('more than 4 MB are refused', async () => {
    const large = Array.from({ length: 12 }, (_, index) => put(`large${index}`, { b: { S: 'x'.repeat(380_000) } }));
    await expect(db.transact(large)).rejects.toMatchObject(INVALID);
    expect(await db.get('large0')).toBeUndefined();
  });

  test('a mistake in one expression refuses the whole and leaves nothing', async () => {
    await expect(db.transact([put('clean'), check('clean2', 'status = = 1')])).rejects.toMatchObject(INVALID);
    expect(await db.get('clean')).toBeUndefined();
    const nowhere = { Put: { TableName: 'no-such-table', Item: keyOf('x') } };
    await expect(db.transact([put('clean'), nowhere])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await db.get('clean')).toBeUndefined();
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
  test('single writes beside transactions are neither lost nor half seen', async () => {
    for (const pk of ['left', 'right']) await db.put({ ...keyOf(pk), v: { N: '0' } });
    const again = async (attempt: () => Promise<unknown>): Promise<void> => {
      for (let done = false; !done; ) {
        done = await attempt().then(
          () => true,
          (error: Error) => {
            if (!/Conflict|Canceled/.test(`${error.name}${error.message}`)) throw error;
            return false;
          },
        );
      }
    };
    const bump = { TableName, UpdateExpression: 'ADD v :o', ExpressionAttributeValues: { ':o': { N: '1' } } };
    const single = (pk: string) => again(() => db.client.send(new UpdateItemCommand({ ...bump, Key: keyOf(pk) })));
    const both = () =>
      again(() => db.transact([addOne('left'), addOne('right'), check('wall', 'attribute_not_exists(pk)')]));
    const fails = () => db.transact([addOne('left'), check('wall', 'attribute_exists(pk)')]).catch(() => {});
    const rounds = Array.from({ length: 8 }, () => [single('left'), both(), fails(), single('right')]);
    await Promise.all(rounds.flat());
    expect([await countOf('left'), await countOf('right')]).toEqual(['16', '16']);
  });

  test('a reader of several items sees them before or after a transaction, never between', async () => {
    for (const pk of ['a1', 'a2']) await db.put({ ...keyOf(pk), v: { N: '0' } });
    const Get = (pk: string): TransactGetItem => ({ Get: { TableName, Key: keyOf(pk) } });
    const read = new TransactGetItemsCommand({ TransactItems: [Get('a1'), Get('a2')] });
    const writes = (async () => {
      for (let round = 0; round < 10; round++) await db.transact([addOne('a1'), addOne('a2')]).catch(() => {});
    })();
    for (let round = 0; round < 10; round++) {
      const seen = await db.client.send(read).catch(() => undefined);
      const [one, two] = seen?.Responses?.map(({ Item }) => Item?.v?.N) ?? [];
      expect(one).toBe(two);
    }
    await writes;
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
  test('several items are read in order, with gaps where there is none', async () => {
    await db.put({ ...keyOf('got'), v: { N: '1' }, w: { N: '2' } });
    const Get = { TableName, Key: keyOf('got'), ProjectionExpression: 'w' };
    const TransactItems = [{ Get: { TableName, Key: keyOf('not') } }, { Get }];
    const { Responses } = await db.client.send(new TransactGetItemsCommand({ TransactItems }));
    expect(Responses?.map(({ Item }) => Item)).toEqual([undefined, { w: { N: '2' } }]);
  });

  test('ten actions take less than 20 ms in the middle', async ({ skip }) => {
    skip(endpointElsewhere('dynamodb') !== undefined, 'a promise of our stand-in only');
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      const begun = performance.now();
      await db.transact(Array.from({ length: 10 }, (_, index) => put(`speed${index}`, { v: { N: `${round}` } })));
      times.push(performance.now() - begun);
    }
    expect(times.sort((a, b) => a - b)[7]).toBeLessThan(20);
    await db.client.send(new DeleteItemCommand({ TableName, Key: keyOf('speed0') }));
  });
});
