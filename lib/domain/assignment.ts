import { z } from 'zod';
import { Day } from './day.ts';
import { CustomerId } from './ids.ts';
import { plainText } from './plain-text.ts';

/** Who owns a sub account's rows for a while: a customer tenant, or the partner itself. */
export const SubAccountOwner = z.union([CustomerId, z.literal('partner')]);
export type SubAccountOwner = z.infer<typeof SubAccountOwner>;

/** One range of ownership, stored half-open: rows whose ChargePeriodStart is in `[from, to)`; null is unbounded. */
export const OwnedRange = z.strictObject({ owner: SubAccountOwner, from: Day.nullable(), to: Day.nullable() });
export type OwnedRange = z.infer<typeof OwnedRange>;

/** Both together are a sort key, which takes 1,024 bytes (DynamoDB limit); the longest known id is Azure's, of 51. */
export const SUB_ACCOUNT_ID_BYTES_MAX = 512;
const PROVIDER_BYTES_MAX = 256;

/**
 * All owners of one sub account, one stored item: ranges do not overlap. `provider` (a ProviderName) is set only where
 * two providers share an id. Sub account ids ignore the case of ASCII letters (`pricing.md` §4).
 */
export const Assignment = z.strictObject({
  subAccountId: keyText(SUB_ACCOUNT_ID_BYTES_MAX),
  provider: keyText(PROVIDER_BYTES_MAX).nullable(),
  ranges: z.array(OwnedRange).max(100),
  version: z.int().positive(),
});
export type Assignment = z.infer<typeof Assignment>;

function keyText(bytesMax: number) {
  return plainText({ charactersMin: 1, charactersMax: bytesMax }).refine(
    (text) => Buffer.byteLength(text) <= bytesMax,
    `at most ${bytesMax} bytes in UTF-8`,
  );
}
