import { z } from 'zod';
import { decimalText } from './decimal-text.ts';

const percent = decimalText({ integerDigits: 3, decimals: 4 }).refine(
  (text) => !text.startsWith('-') && Number(text) <= 100,
  'a percentage from 0 to 100',
);

/**
 * Whose the benefit of commitments is (`pricing.md` §7): the sub account that used it (`pass_through`), the partner
 * (`retain`), both (`share`, the customer's part in percent), or by use with the unused part (`allocate`).
 */
export const CommitmentPolicy = z.discriminatedUnion('policy', [
  z.strictObject({ policy: z.literal('pass_through') }),
  z.strictObject({ policy: z.literal('retain') }),
  z.strictObject({ policy: z.literal('share'), percent }),
  z.strictObject({ policy: z.literal('allocate') }),
]);
export type CommitmentPolicy = z.infer<typeof CommitmentPolicy>;
