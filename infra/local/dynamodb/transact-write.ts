import { z } from 'zod';
import { Item, requireItemSize } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';
import { DynamoDbProblem, dynamoDbProblem } from './dynamodb-problem.ts';
import {
  type ItemKey,
  itemKeysOf,
  requireTransactionSize,
  type TransactWriteRequest,
  type WriteAction,
} from './transact-items.ts';
import { type Before, restore, type TransactionJournal } from './transaction-journal.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html */
interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

const NO_REASON: CancellationReason = { Code: 'None' };

/** What is wrong with an update only in view of the item: a reason to cancel; all else is wrong in the request. */
const WRONG_FOR_THIS_ITEM = [
  'Item size to update has exceeded the maximum allowed size',
  'The document path provided in the update expression is invalid for update',
  'An operand in the update expression has an incorrect data type',
  'The provided expression refers to an attribute that does not exist in the item',
  'Type mismatch for attribute to update',
];

const GotItem = z.object({ Item: Item.optional() });

async function readBefore({ TableName, Key }: ItemKey, call: DynamoDbCall): Promise<Before> {
  const { Item: item } = GotItem.parse(await call('GetItem', { TableName, Key, ConsistentRead: true }));
  return { TableName, Key, ...(item && { item }) };
}

/** A condition alone is checked by a write that changes nothing: of the item as it is, or of none. */
function writeOf({ kind, input }: WriteAction, before: Before): [operation: string, input: object] {
  const { ReturnValuesOnConditionCheckFailure: _answeredHere, ...rest } = input;
  if (kind === 'ConditionCheck') return [before.item === undefined ? 'DeleteItem' : 'UpdateItem', rest];
  return [`${kind}Item`, rest];
}

function reasonOf(error: unknown, { input }: WriteAction, { item }: Before): CancellationReason {
  if (!(error instanceof DynamoDbProblem)) throw error;
  if (error.name === 'ConditionalCheckFailedException') {
    const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item ? { Item: item } : {};
    return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...shown };
  }
  if (error.name !== 'ValidationException' || !WRONG_FOR_THIS_ITEM.includes(error.message)) throw error;
  return { Code: 'ValidationError', Message: error.message };
}

/**
 * All actions or none, each condition seen on the items as they were. Must run alone: in between, some actions are
 * done and others are not. No two actions are on one item, so doing them one after the other is the same as at once.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 *
 * @throws DynamoDbProblem TransactionCanceledException with a reason per action in their order; ValidationException;
 *   ResourceNotFoundException.
 */
export async function transactWrite(
  { TransactItems }: TransactWriteRequest,
  call: DynamoDbCall,
  journal: TransactionJournal,
): Promise<void> {
  const keys = await itemKeysOf(TransactItems, call);
  const steps: { action: WriteAction; before: Before }[] = [];
  for (const [index, key] of keys.entries()) {
    const action = TransactItems[index];
    if (action !== undefined) steps.push({ action, before: await readBefore(key, call) });
  }
  requireTransactionSize(
    steps.map(({ action, before }) => (action.kind === 'Put' ? action.input.Item : (before.item ?? before.Key))),
  );
  for (const { action } of steps) if (action.kind === 'Put') requireItemSize(action.input.Item);
  const done: Before[] = [];
  const reasons: CancellationReason[] = [];
  journal.begin(steps.map(({ before }) => before));
  try {
    for (const { action, before } of steps) {
      const reason = await call(...writeOf(action, before)).then(
        () => NO_REASON,
        (error: unknown) => reasonOf(error, action, before),
      );
      reasons.push(reason);
      if (reason === NO_REASON) done.push(before);
    }
  } catch (error) {
    await restore(done, call);
    journal.end();
    throw error;
  }
  const isCancelled = reasons.some((reason) => reason !== NO_REASON);
  if (isCancelled) await restore(done, call);
  journal.end();
  if (!isCancelled) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw dynamoDbProblem(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
