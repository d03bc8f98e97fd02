import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { TABLE_ATTRIBUTES } from '../../lib/names/table-attributes.ts';
import { holds, type Item, type Placeholders, updated } from './table-expression.ts';

type Key = Readonly<Record<string, unknown>>;
/** The commands that are played. */
export type Command =
  | GetCommand
  | BatchGetCommand
  | QueryCommand
  | PutCommand
  | UpdateCommand
  | DeleteCommand
  | TransactWriteCommand;

/** One action on one item. */
interface Change extends Placeholders {
  readonly TableName?: string | undefined;
  readonly Item?: Item | undefined;
  readonly Key?: Key | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
}

const METADATA = { $metadata: {} };

/**
 * DynamoDB in memory: the commands and expressions that our adapters send, one at a time and strongly consistent. The
 * adapters of the deployed system run over it unchanged.
 */
export class MemoryTables {
  readonly #tables = new Map<string, Map<string, Item>>();
  /** Grows with every change. */
  changes = 0;
  /** Told of every item that has changed, with what it was. */
  onChange: (table: string, before: Item | undefined, after: Item | undefined) => void = () => {};

  /** Items of a table in the order of their keys. */
  items(table: string): readonly Item[] {
    const of = this.#of(table);
    return [...of.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
  }

  /** Takes over all items of a table of other tables. */
  copy(from: MemoryTables, table: string): void {
    for (const item of from.items(table)) this.#of(table).set(keyOf(item), structuredClone(item));
  }

  /** True for commands that change something. */
  static isWrite(command: unknown): boolean {
    return [PutCommand, UpdateCommand, DeleteCommand, TransactWriteCommand].some((kind) => command instanceof kind);
  }

  /** Answers a command at once. */
  answer(command: Command): unknown {
    if (command instanceof GetCommand) {
      const { TableName = '', Key = {} } = command.input;
      return { Item: structuredClone(this.#of(TableName).get(keyOf(Key))) };
    }
    if (command instanceof BatchGetCommand) return this.#batchGet(command);
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof TransactWriteCommand) return this.#transact(command);
    if (command instanceof UpdateCommand || command instanceof PutCommand || command instanceof DeleteCommand) {
      const input: Change = command.input;
      if (!this.#fits(input)) throw new ConditionalCheckFailedException({ message: 'no', ...METADATA });
      return { Attributes: structuredClone(this.#apply(input)) };
    }
    throw new Error(`${String(command)} is not played here`);
  }

  #batchGet(command: BatchGetCommand): unknown {
    const Responses = Object.entries(command.input.RequestItems ?? {}).map(([table, { Keys = [] }]) => [
      table,
      Keys.flatMap((key) => structuredClone(this.#of(table).get(keyOf(key))) ?? []),
    ]);
    return { Responses: Object.fromEntries(Responses), UnprocessedKeys: {} };
  }

  #query(input: QueryCommandInput): unknown {
    const { TableName = '', IndexName, KeyConditionExpression, ExclusiveStartKey, Limit } = input;
    const sortKey = IndexName === undefined ? TABLE_ATTRIBUTES.sortKey : TABLE_ATTRIBUTES.listSort;
    const direction = input.ScanIndexForward === false ? -1 : 1;
    const sortOf = (item: Item) => String(item[sortKey]);
    const found = this.items(TableName)
      .filter((item) => holds(KeyConditionExpression, item, input))
      .sort((one, other) => direction * (sortOf(one) < sortOf(other) ? -1 : 1))
      .filter((item) => !ExclusiveStartKey || direction * (sortOf(item) > sortOf(ExclusiveStartKey) ? 1 : -1) > 0)
      .filter((item) => !ExclusiveStartKey || sortOf(item) !== sortOf(ExclusiveStartKey));
    const page = found.slice(0, Limit ?? found.length);
    const last = page.at(-1);
    return { Items: structuredClone(page), ...(last && page.length < found.length ? { LastEvaluatedKey: last } : {}) };
  }

  #transact({ input }: TransactWriteCommand): unknown {
    const changes = (input.TransactItems ?? []).map(
      (item): Change => item.Put ?? item.Update ?? item.Delete ?? item.ConditionCheck ?? {},
    );
    const reasons = changes.map((change) => ({ Code: this.#fits(change) ? 'None' : 'ConditionalCheckFailed' }));
    if (reasons.some(({ Code }) => Code !== 'None'))
      throw new TransactionCanceledException({ message: 'no', CancellationReasons: reasons, ...METADATA });
    for (const [place, item] of (input.TransactItems ?? []).entries())
      if (item.ConditionCheck === undefined) this.#apply(changes[place] ?? {});
    return {};
  }

  #fits(change: Change): boolean {
    const there = this.#of(change.TableName ?? '').get(keyOf(change.Item ?? change.Key ?? {}));
    return holds(change.ConditionExpression, there, change);
  }

  #apply({ TableName = '', Item: put, Key = {}, UpdateExpression, ...placeholders }: Change): Item | undefined {
    const of = this.#of(TableName);
    const key = keyOf(put ?? Key);
    const before = of.get(key);
    const after = put
      ? withoutUndefined(put)
      : UpdateExpression === undefined
        ? undefined
        : withoutUndefined(updated(UpdateExpression, before ?? { ...Key }, placeholders));
    if (after === undefined) of.delete(key);
    else of.set(key, after);
    this.changes += 1;
    this.onChange(TableName, before, after);
    return after;
  }

  #of(table: string): Map<string, Item> {
    const there = this.#tables.get(table) ?? new Map<string, Item>();
    this.#tables.set(table, there);
    return there;
  }
}

function keyOf(key: Key): string {
  return JSON.stringify([key[TABLE_ATTRIBUTES.partitionKey], key[TABLE_ATTRIBUTES.sortKey]]);
}

/** As `removeUndefinedValues` has it; a copy, so that nobody changes what is stored. */
function withoutUndefined(item: Item): Item {
  return JSON.parse(JSON.stringify(item)) as Item;
}
