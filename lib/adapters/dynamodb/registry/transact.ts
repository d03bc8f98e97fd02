import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { RegistryTable, TransactItem } from './registry-table.ts';

/**
 * Writes all or nothing. Returns `'done'`, or the position of the first action whose condition failed; a conflict with
 * another transaction counts as a failed condition of its action (the caller reads again). Anything else throws.
 */
export async function transact({ client }: RegistryTable, items: TransactItem[]): Promise<'done' | number> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: items }));
    return 'done';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const position = (error.CancellationReasons ?? []).findIndex(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    );
    if (position < 0) throw error;
    return position;
  }
}
