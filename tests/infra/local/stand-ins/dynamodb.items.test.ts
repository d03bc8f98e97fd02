import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoDbUnderTest, type Item, keyOf } from './dynamodb.testbed.ts';
import { isLeftOut } from './suite-target.ts';

const INVALID = { name: 'ValidationException' };

describe.skipIf(isLeftOut('dynamodb'))('DynamoDB items', () => {
  const db = dynamoDbUnderTest();
  const { table: TableName } = db;

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
  test('numbers keep 38 digits, large and small', async () => {
    const n = '12345678901234567890123456789012345678';
    const f = '0.00000000000000000012345678901234567891';
    await db.put({ ...keyOf('n'), n: { N: n }, f: { N: f } });
    const item = await db.get('n');
    expect(item?.n).toEqual({ N: n });
    expect([f, '1.2345678901234567891E-19']).toContain(item?.f?.N);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
  test('a 39th digit is refused', async () => {
    const number = { N: '123456789012345678901234567890123456789' };
    await expect(db.put({ ...keyOf('n9'), n: number })).rejects.toMatchObject(INVALID);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
  test('ADD keeps 38 digits, and trailing zeros go', async () => {
    await db.put({ ...keyOf('add'), n: { N: '10000000000000000000000000000000000000' } });
    const add = { UpdateExpression: 'ADD n :o', ExpressionAttributeValues: { ':o': { N: '1' } } };
    const update = new UpdateItemCommand({ TableName, Key: keyOf('add'), ...add, ReturnValues: 'ALL_NEW' });
    expect((await db.client.send(update)).Attributes?.n).toEqual({ N: '10000000000000000000000000000000000001' });
    await db.put({ ...keyOf('z'), n: { N: '1.500' } });
    expect((await db.get('z'))?.n).toEqual({ N: '1.5' });
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
  test('a failed condition shows the item that failed it, when asked, on put, update and delete', async () => {
    await db.put({ ...keyOf('c'), v: { N: '1' } });
    const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
    const shown = { ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    const failed = { name: 'ConditionalCheckFailedException', Item: { ...keyOf('c'), v: { N: '1' } } };
    await expect(db.put(keyOf('c'), shown)).rejects.toMatchObject(failed);
    const at = { TableName, Key: keyOf('c'), ...shown };
    await expect(db.client.send(new UpdateItemCommand(at))).rejects.toMatchObject(failed);
    await expect(db.client.send(new DeleteItemCommand(at))).rejects.toMatchObject(failed);
    await expect(db.put(keyOf('c'), absent)).rejects.not.toHaveProperty('Item.v');
    expect((await db.get('c'))?.v).toEqual({ N: '1' });
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
  test('of sixteen conditional writers at once exactly one wins', async () => {
    const attempts = Array.from({ length: 16 }, () =>
      db.put(keyOf('race'), { ConditionExpression: 'attribute_not_exists(pk)' }).then(
        () => 1,
        () => 0,
      ),
    );
    expect((await Promise.all(attempts)).reduce<number>((sum, won) => sum + won, 0)).toBe(1);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
  test('an index has only items with its key, and is read backwards page by page', async () => {
    for (let i = 0; i < 5; i++) await db.put({ ...keyOf(`g${i}`, `s${i}`), g: { S: 'G' } });
    const seen: (string | undefined)[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page: QueryCommandInput = {
        TableName,
        IndexName: 'byG',
        KeyConditionExpression: 'g = :g',
        ExpressionAttributeValues: { ':g': { S: 'G' } },
        ScanIndexForward: false,
        Limit: 2,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      };
      const { Items = [], LastEvaluatedKey } = await db.client.send(new QueryCommand(page));
      seen.push(...Items.map(({ sk }) => sk?.S));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(seen).toEqual(['s4', 's3', 's2', 's1', 's0']);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
  test('a query stops at 1 MB and says where to go on', async () => {
    for (let i = 0; i < 4; i++) await db.put({ ...keyOf('big', `${i}`), b: { S: 'x'.repeat(350_000) } });
    const ofBig = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'big' } } };
    const page = await db.client.send(new QueryCommand({ TableName, ...ofBig }));
    expect(page.LastEvaluatedKey).toBeDefined();
    expect(page.Items?.length).toBeLessThan(4);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
  test('an item above 400 KB in UTF-8 is refused', async () => {
    await expect(db.put({ ...keyOf('huge'), b: { S: 'x'.repeat(410_000) } })).rejects.toMatchObject(INVALID);
    await expect(db.put({ ...keyOf('huge'), b: { S: '表'.repeat(140_000) } })).rejects.toMatchObject(INVALID);
    await db.put({ ...keyOf('huge'), b: { S: '表'.repeat(130_000) } });
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
  test('a reserved word, a name that is not used and an empty key are refused', async () => {
    const reserved = { ConditionExpression: 'attribute_not_exists(status)' };
    await expect(db.put(keyOf('r'), reserved)).rejects.toMatchObject(INVALID);
    const unused = { ConditionExpression: 'attribute_not_exists(pk)', ExpressionAttributeNames: { '#u': 'u' } };
    await expect(db.put(keyOf('r'), unused)).rejects.toMatchObject(INVALID);
    await expect(db.put(keyOf(''))).rejects.toMatchObject(INVALID);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
  test('an update reaches into maps, lists and sets', async () => {
    await db.put({ ...keyOf('u'), m: { M: { l: { L: [{ N: '1' }] } } }, s: { SS: ['a', 'b'] } });
    const update = new UpdateItemCommand({
      TableName,
      Key: keyOf('u'),
      UpdateExpression: 'SET m.l = list_append(m.l, :l), q = if_not_exists(q, :z) DELETE s :a',
      ExpressionAttributeValues: { ':l': { L: [{ N: '2' }] }, ':z': { N: '0' }, ':a': { SS: ['a'] } },
      ReturnValues: 'ALL_NEW',
    });
    const { Attributes } = await db.client.send(update);
    expect(Attributes).toMatchObject({
      m: { M: { l: { L: [{ N: '1' }, { N: '2' }] } } },
      s: { SS: ['b'] },
      q: { N: '0' },
    });
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
  test('25 items are written and read in batches', async () => {
    const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: keyOf('bw', `${i}`) } }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
    const RequestItems = { [TableName]: { Keys: [keyOf('bw', '1'), keyOf('bw', '24'), keyOf('bw', 'no')] } };
    const { Responses } = await db.client.send(new BatchGetItemCommand({ RequestItems }));
    expect(Responses?.[TableName]).toHaveLength(2);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
  test('time to live is switched on and described', async () => {
    const describeTtl = new DescribeTimeToLiveCommand({ TableName });
    expect((await db.client.send(describeTtl)).TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED');
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
    await db.client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    expect((await db.client.send(describeTtl)).TimeToLiveDescription?.AttributeName).toBe('expires');
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
  test('a stream is taken and described', async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const };
    await db.client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
    const { Table } = await db.client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.StreamSpecification).toEqual(StreamSpecification);
    expect(Table?.LatestStreamArn).toContain(`table/${TableName}/stream/`);
  });

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
  test('a table that is not there is named so', async () => {
    const describeTable = db.client.send(new DescribeTableCommand({ TableName: 'no-such-table' }));
    await expect(describeTable).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
