import { z } from 'zod';
import { Item, requireItemSize } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';
import { DynamoDbProblem } from './dynamodb-problem.ts';
import type { IdempotencyTokens } from './idempotency-tokens.ts';
import type { SharedLock } from './shared-lock.ts';
import type { SettingsByTable } from './table-settings.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGet } from './transact-get.ts';
import { itemKeysOf, parseTransactGet, parseTransactWrite } from './transact-items.ts';
import { transactWrite } from './transact-write.ts';
import type { TransactionJournal } from './transaction-journal.ts';

/** What operations of our own work with. */
export interface OperationWorld {
  readonly call: DynamoDbCall;
  readonly lock: SharedLock;
  readonly journal: TransactionJournal;
  readonly settings: SettingsByTable;
  readonly tokens: IdempotencyTokens;
  readonly describe: (table: unknown) => unknown;
  readonly now: () => Date;
}

/** Operations that dynalite lacks or answers differently; all others go to it as they come. */
export type Operations = Readonly<Record<string, (body: unknown) => Promise<unknown>>>;

const TableRequest = z.looseObject({
  TableName: z.string(),
  StreamSpecification: z.looseObject({ StreamEnabled: z.boolean() }).optional(),
});
const DescribedTable = z.looseObject({ Table: z.unknown() });
const ChangedTable = z.looseObject({ TableDescription: z.unknown() });
const GotItem = z.object({ Item: Item.optional() });
const ConditionalWrite = z.looseObject({
  TableName: z.string(),
  Key: Item.optional(),
  Item: Item.optional(),
  ReturnValuesOnConditionCheckFailure: z.string().optional(),
});

function transactions({ call, lock, journal, tokens }: OperationWorld): Operations {
  return {
    TransactWriteItems: async (body) => {
      const request = parseTransactWrite(body);
      const { ClientRequestToken: token } = request;
      const text = JSON.stringify(request.TransactItems);
      return lock.exclusive(async () => {
        if (token !== undefined && tokens.isDone(token, text)) return {};
        await transactWrite(request, call, journal);
        if (token !== undefined) tokens.remember(token, text);
        return {};
      });
    },
    TransactGetItems: (body) => lock.exclusive(async () => transactGet(parseTransactGet(body), call)),
  };
}

/** Streams are accepted and described, so that a template with one deploys; nothing is ever to be read from them. */
function tables({ call, lock, settings, describe, now }: OperationWorld): Operations {
  const setStream = ({ TableName, StreamSpecification: specification }: z.infer<typeof TableRequest>): void => {
    if (specification === undefined) return;
    const { stream: _old, ...rest } = settings.get(TableName);
    const label = now().toISOString().slice(0, -1);
    settings.set(TableName, specification.StreamEnabled ? { ...rest, stream: { specification, label } } : rest);
  };
  const change = async (operation: string, input: object) => {
    const { TableDescription } = ChangedTable.parse(await call(operation, input));
    return { TableDescription: describe(TableDescription) };
  };
  const describeTable = async (TableName: string) => {
    const { Table } = DescribedTable.parse(await call('DescribeTable', { TableName }));
    return describe(Table);
  };
  return {
    CreateTable: (body) =>
      lock.exclusive(async () => {
        const request = TableRequest.parse(body);
        const created = ChangedTable.parse(await call('CreateTable', request));
        settings.delete(request.TableName);
        setStream(request);
        return { TableDescription: describe(created.TableDescription) };
      }),
    UpdateTable: (body) =>
      lock.exclusive(async () => {
        const { StreamSpecification, ...request } = TableRequest.parse(body);
        const changesMore = Object.keys(request).length > 1 || StreamSpecification === undefined;
        if (changesMore) await call('UpdateTable', request);
        setStream({ ...request, StreamSpecification });
        return { TableDescription: await describeTable(request.TableName) };
      }),
    DescribeTable: (body) =>
      lock.shared(async () => ({ Table: await describeTable(TableRequest.parse(body).TableName) })),
    DeleteTable: (body) =>
      lock.exclusive(async () => {
        const { TableName } = TableRequest.parse(body);
        const answer = await change('DeleteTable', { TableName });
        settings.delete(TableName);
        return answer;
      }),
    UpdateTimeToLive: (body) => lock.exclusive(() => updateTimeToLive(body, call, settings)),
    DescribeTimeToLive: (body) => lock.shared(() => describeTimeToLive(body, call, settings)),
  };
}

/** Adds the item that failed the condition, where that was asked for; alone, so that it is that item. */
function conditionalWrites({ call, lock }: OperationWorld): Operations {
  const conditional = (operation: string) => async (body: unknown) => {
    const { ReturnValuesOnConditionCheckFailure: shown, ...request } = ConditionalWrite.parse(body);
    if (request.Item !== undefined) requireItemSize(request.Item);
    if (shown !== 'ALL_OLD') return lock.shared(() => call(operation, request));
    return lock.exclusive(async () => {
      try {
        return await call(operation, request);
      } catch (error) {
        if (!(error instanceof DynamoDbProblem) || error.name !== 'ConditionalCheckFailedException') throw error;
        const { TableName, Key, Item: item } = request;
        const [key] = await itemKeysOf(
          [{ input: { TableName, ...(Key && { Key }), ...(item && { Item: item }) } }],
          call,
        );
        const old = GotItem.parse(await call('GetItem', { TableName, Key: key?.Key, ConsistentRead: true }));
        throw new DynamoDbProblem(error.type, error.message, old);
      }
    });
  };
  return {
    PutItem: conditional('PutItem'),
    UpdateItem: conditional('UpdateItem'),
    DeleteItem: conditional('DeleteItem'),
  };
}

export const operationsOf = (world: OperationWorld): Operations => ({
  ...transactions(world),
  ...tables(world),
  ...conditionalWrites(world),
});
