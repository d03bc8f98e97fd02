import { z } from 'zod';
import type { AccessesOf } from '../authorize-call.ts';
import type { Access, Context } from '../request-context.ts';
import { type AccessTable, accessesBy, type Home } from './access-table.ts';

/** The partition key of a table, and of each of its indexes by name. */
export interface PartitionKeys {
  readonly table: string;
  readonly indexes: Readonly<Record<string, string>>;
}

const Attribute = z.record(z.string(), z.unknown());
const Item = z.record(z.string(), Attribute);
const Request = z.looseObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: Item.optional(),
  Item: Item.optional(),
  KeyConditionExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  UpdateExpression: z.string().optional(),
  ConditionExpression: z.string().optional(),
  FilterExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: Item.default({}),
  Select: z.string().optional(),
  ReturnValues: z.string().optional(),
});
type Request = z.infer<typeof Request>;
const Batch = z.object({ RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(Item) })) });
const Transaction = z.object({ TransactItems: z.array(z.record(z.string(), z.unknown())) });

/** Rights of the parts of a transaction: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 *
 * @param keysOf the partition keys of a table by its name; undefined: no such table, and a request has no leading key.
 */
export function dynamoDbAccesses(
  { region, accountId }: Home,
  keysOf: (tableName: string) => PartitionKeys | undefined,
): AccessesOf {
  const nameOf = (table: string) => table.split(':table/').at(-1) ?? table;
  const arnOf = (table: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${nameOf(table)}`;
  const access = (action: string, request: Request): Access => {
    const { TableName, IndexName } = request;
    const keys = keysOf(nameOf(TableName));
    const partitionKey = IndexName === undefined ? keys?.table : keys?.indexes[IndexName];
    const resource = IndexName === undefined ? arnOf(TableName) : `${arnOf(TableName)}/index/${IndexName}`;
    return { action, resource, context: contextOf(request, partitionKey) };
  };
  const one = (action: string) => (body: unknown) => [access(action, Request.parse(body))];
  const onTable = (action: string) => (body: unknown) => [
    { action, resource: arnOf(z.object({ TableName: z.string() }).parse(body).TableName) },
  ];
  const parts = (body: unknown) =>
    Transaction.parse(body).TransactItems.flatMap((item) =>
      Object.entries(item).flatMap(([part, request]) => {
        const action = PARTS[part];
        return action === undefined ? [] : [access(action, Request.parse(request))];
      }),
    );
  const table: AccessTable = {
    BatchGetItem: (body) =>
      Object.entries(Batch.parse(body).RequestItems).map(([name, { Keys, ...rest }]) => {
        const partitionKey = keysOf(nameOf(name))?.table ?? '';
        const { context } = access('dynamodb:BatchGetItem', Request.parse({ ...rest, TableName: name }));
        const leading = Keys.map((key) => textOf(key[partitionKey]));
        const resource = arnOf(name);
        return { action: 'dynamodb:BatchGetItem', resource, context: { ...context, 'dynamodb:LeadingKeys': leading } };
      }),
    CreateTable: onTable('dynamodb:CreateTable'),
    DeleteItem: one('dynamodb:DeleteItem'),
    DeleteTable: onTable('dynamodb:DeleteTable'),
    DescribeTable: onTable('dynamodb:DescribeTable'),
    DescribeTimeToLive: onTable('dynamodb:DescribeTimeToLive'),
    GetItem: one('dynamodb:GetItem'),
    ListTables: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
    PutItem: one('dynamodb:PutItem'),
    Query: one('dynamodb:Query'),
    Scan: one('dynamodb:Scan'),
    TransactGetItems: parts,
    TransactWriteItems: parts,
    UpdateItem: one('dynamodb:UpdateItem'),
    UpdateTable: onTable('dynamodb:UpdateTable'),
    UpdateTimeToLive: onTable('dynamodb:UpdateTimeToLive'),
  };
  return accessesBy('DynamoDB', table);
}

/**
 * The keys that DynamoDB adds to a request. One without a leading key, as a Scan, lacks it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function contextOf(request: Request, partitionKey: string | undefined): Context {
  const leading = partitionKey === undefined ? undefined : leadingKeyOf(request, partitionKey);
  const attributes = attributesOf(request);
  return {
    ...(leading === undefined ? {} : { 'dynamodb:LeadingKeys': [leading] }),
    ...(attributes.length === 0 ? {} : { 'dynamodb:Attributes': attributes }),
    ...(request.Select === undefined ? {} : { 'dynamodb:Select': request.Select }),
    ...(request.ReturnValues === undefined ? {} : { 'dynamodb:ReturnValues': request.ReturnValues }),
  };
}

function leadingKeyOf(request: Request, partitionKey: string): string | undefined {
  const stated = (request.Key ?? request.Item)?.[partitionKey];
  if (stated !== undefined) return textOf(stated);
  const { KeyConditionExpression = '', ExpressionAttributeNames: names, ExpressionAttributeValues: values } = request;
  for (const [, name = '', value = ''] of KeyConditionExpression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g))
    if ((names[name] ?? name) === partitionKey) return textOf(values[value]);
  return undefined;
}

/** `{ "S": "a" }` is `a`. */
function textOf(attribute: Readonly<Record<string, unknown>> | undefined): string {
  return String(Object.values(attribute ?? {})[0] ?? '');
}

const WORD = /[:#]?[A-Za-z_][\w-]*(?:\s*\()?/g;
const KEYWORDS = /^(?:SET|REMOVE|ADD|DELETE|AND|OR|NOT|BETWEEN|IN)$/i;

/** The top-level attributes that a request names in its keys, item and expressions. */
function attributesOf(request: Request): readonly string[] {
  const { ExpressionAttributeNames: names } = request;
  const expressions = [
    request.KeyConditionExpression,
    request.ProjectionExpression,
    request.UpdateExpression,
    request.ConditionExpression,
    request.FilterExpression,
  ];
  const named = expressions.flatMap((expression = '') =>
    [...expression.replaceAll(/\.\s*[#\w-]+|\[\d+\]/g, '').matchAll(WORD)]
      .map(([word]) => word)
      .filter((word) => !word.startsWith(':') && !word.endsWith('(') && !KEYWORDS.test(word))
      .map((word) => names[word] ?? word),
  );
  const stated = [request.Key, request.Item].flatMap((item = {}) => Object.keys(item));
  // A read that names no attributes gets them all: then the request has no such key.
  const projects = request.ProjectionExpression !== undefined || request.Item !== undefined;
  const changes = request.UpdateExpression !== undefined;
  return projects || changes ? [...new Set([...stated, ...named])] : [];
}
