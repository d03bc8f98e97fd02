import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Problem } from '../../../domain/problem.ts';
import type { RegistryTable, TransactItem } from './registry-table.ts';

/** Doubling from 20 ms with full jitter, eight times: up to 5 s in all, well within a request's 29 s. */
const TRIES_MOST = 9;
const FIRST_PAUSE_MILLISECONDS = 20;

/**
 * Writes all or nothing. Returns `'done'`, or the position of the first action whose condition failed.
 *
 * Another transaction on one of the items at the same moment cancels this one too (`TransactionConflict`), and the SDK
 * does not try again by itself; here it is tried again, since every change of the registry raises one common item.
 *
 * @throws Problem `conflict` where that goes on; anything else as it came.
 */
export async function transact({ client }: RegistryTable, items: TransactItem[]): Promise<'done' | number> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }));
      return 'done';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      const failed = codes.indexOf('ConditionalCheckFailed');
      if (failed >= 0) return failed;
      if (!codes.includes('TransactionConflict')) throw error;
      if (tries >= TRIES_MOST) throw new Problem('conflict', { what: 'other changes, one after the other' });
      await sleep(Math.random() * FIRST_PAUSE_MILLISECONDS * 2 ** (tries - 1));
    }
  }
}
