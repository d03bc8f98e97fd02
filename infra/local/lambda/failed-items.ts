import { z } from 'zod';

const BatchResponse = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which messages a function left undone, from its partial batch response. As AWS reads it: nothing, null or an empty
 * list is success; a wrong shape, an empty identifier or one that was not in the batch fails the whole batch
 * ("Reporting batch item failures", success and failure conditions).
 */
export function failedItems(payload: string, messageIds: readonly string[]): ReadonlySet<string> {
  const all = new Set(messageIds);
  const answer: unknown = JSON.parse(payload);
  if (answer === null) return new Set();
  const parsed = BatchResponse.safeParse(answer);
  if (!parsed.success) return all;
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((item) => all.has(item)) ? new Set(failed) : all;
}
