import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { DeliveredColumn, DeliveredFile, SeenSubAccount } from '../../sources/delivered-bill.ts';

/** What a worker found in one file: what SplitBill must know of it without opening it. */
export const FileDescription = z.object({
  /** Its number in the frozen list. */
  file: z.int().nonnegative(),
  delivered: DeliveredFile,
  /** SHA-256 (hex) of the delivered object's bytes. */
  sha256: z.string(),
  columns: z.array(DeliveredColumn),
  /** Rows per billing period, and the first row of each, to name it where the period may not be there. */
  periods: z.array(z.object({ period: BillingPeriod, rows: z.int().positive(), firstRow: z.int().positive() })),
  currencies: z.array(z.string()),
  subAccounts: z.array(SeenSubAccount),
});
export type FileDescription = z.infer<typeof FileDescription>;

/** What a worker answers for a batch (`LAKE.batchAnswer`). */
export const BatchAnswer = z.object({ batch: z.int().nonnegative(), files: z.array(FileDescription) });
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** What travels through the state machine: where the answer lies and what it hashes to. */
export const BatchReceipt = z.object({ batch: z.int().nonnegative(), answerKey: z.string(), sha256: z.string() });
export type BatchReceipt = z.infer<typeof BatchReceipt>;
