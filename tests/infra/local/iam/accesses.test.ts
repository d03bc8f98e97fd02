import { describe, expect, test } from 'vitest';
import { athenaAccesses } from '../../../../infra/local/iam/services/athena-accesses.ts';
import { dynamoDbAccesses } from '../../../../infra/local/iam/services/dynamodb-accesses.ts';
import { sqsAccesses } from '../../../../infra/local/iam/services/sqs-accesses.ts';
import { assumeRoleAccesses } from '../../../../infra/local/iam/services/sts-accesses.ts';

const HOME = { region: 'eu-central-1', accountId: '111122223333' };
const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/runs';

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
describe('DynamoDB', () => {
  const accesses = dynamoDbAccesses(HOME, (name) =>
    name === 'runs' ? { table: 'pk', indexes: { byList: 'listKey' } } : undefined,
  );

  test('a query names its table or index, and its partition key by value', () => {
    const query = {
      TableName: 'runs',
      KeyConditionExpression: '#key = :key AND sk > :from',
      ExpressionAttributeNames: { '#key': 'pk' },
      ExpressionAttributeValues: { ':key': { S: 'RUN#1' }, ':from': { S: 'a' } },
    };
    expect(accesses('Query', query)).toEqual([
      { action: 'dynamodb:Query', resource: TABLE, context: { 'dynamodb:LeadingKeys': ['RUN#1'] } },
    ]);
    const ofIndex = { ...query, IndexName: 'byList', ExpressionAttributeNames: { '#key': 'listKey' } };
    expect(accesses('Query', ofIndex)).toMatchObject([
      { resource: `${TABLE}/index/byList`, context: { 'dynamodb:LeadingKeys': ['RUN#1'] } },
    ]);
  });

  test('a transaction is the rights to all its parts', () => {
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const TransactItems = [
      { Put: { TableName: 'runs', Item: { ...Key, name: { S: 'x' } } } },
      {
        Update: {
          TableName: 'runs',
          Key,
          UpdateExpression: 'SET #n.deep = :v REMOVE old',
          ExpressionAttributeNames: { '#n': 'name' },
        },
      },
      { Delete: { TableName: 'runs', Key } },
      { ConditionCheck: { TableName: 'runs', Key, ConditionExpression: 'attribute_exists(pk)' } },
    ];
    const asked = accesses('TransactWriteItems', { TransactItems });
    expect(asked.map(({ action }) => action)).toEqual([
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ]);
    expect(asked.map(({ context }) => context?.['dynamodb:Attributes'])).toEqual([
      ['pk', 'sk', 'name'],
      ['pk', 'sk', 'name', 'old'],
      undefined,
      undefined,
    ]);
  });

  test('a batch has as many leading keys as it gets items', () => {
    const RequestItems = { runs: { Keys: [{ pk: { S: 'a' } }, { pk: { S: 'b' } }] } };
    expect(accesses('BatchGetItem', { RequestItems })).toMatchObject([
      { action: 'dynamodb:BatchGetItem', context: { 'dynamodb:LeadingKeys': ['a', 'b'] } },
    ]);
  });

  test('what has no line, and what cannot be read, is refused by name', () => {
    expect(() => accesses('ExecuteStatement', {})).toThrow(/DynamoDB ExecuteStatement is refused/);
    expect(() => accesses('GetItem', { Key: {} })).toThrow(/DynamoDB GetItem is refused.*TableName/s);
  });
});

test('a batch of messages is the right to send one', () => {
  const QueueUrl = 'http://127.0.0.1:1/111122223333/work';
  expect(sqsAccesses(HOME)('SendMessageBatch', { QueueUrl, Entries: [] })).toEqual([
    { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-central-1:111122223333:work' },
  ]);
});

test('a query in a named catalogue needs the catalogue too; an answer is its work group’s', () => {
  const accesses = athenaAccesses(HOME, (id) => (id === 'known' ? 'group' : undefined));
  const started = { WorkGroup: 'group', QueryExecutionContext: { Catalog: 'AwsDataCatalog' } };
  expect(accesses('StartQueryExecution', started).map(({ resource }) => resource)).toEqual([
    'arn:aws:athena:eu-central-1:111122223333:workgroup/group',
    'arn:aws:athena:eu-central-1:111122223333:datacatalog/AwsDataCatalog',
  ]);
  expect(accesses('GetQueryResults', { QueryExecutionId: 'known' })).toHaveLength(1);
});

test('a session with tags needs the right to tag it', () => {
  const wish = { roleArn: 'arn:aws:iam::111122223333:role/R', sessionName: 's', transitiveTagKeys: [] };
  expect(assumeRoleAccesses({ ...wish, tags: {} }).map(({ action }) => action)).toEqual(['sts:AssumeRole']);
  expect(assumeRoleAccesses({ ...wish, tags: { customer: 'cus_1' } })).toMatchObject([
    { action: 'sts:AssumeRole', context: { 'aws:RequestTag/customer': 'cus_1', 'aws:TagKeys': ['customer'] } },
    { action: 'sts:TagSession' },
  ]);
});
