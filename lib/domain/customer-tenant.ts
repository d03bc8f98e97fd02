import { z } from 'zod';
import { CustomerId } from './ids.ts';
import { plainText } from './plain-text.ts';

/** How commitments are handled for a customer's rows (`pricing.md` §7). Only `pass_through` acts today. */
export const CommitmentPolicy = z.strictObject({ policy: z.literal('pass_through') });
export type CommitmentPolicy = z.infer<typeof CommitmentPolicy>;

/** A customer tenant of the partner: who is charged, and who may read its own ledger. */
export const CustomerTenant = z.strictObject({
  id: CustomerId,
  name: plainText({ charactersMin: 1, charactersMax: 200 }),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
});
export type CustomerTenant = z.infer<typeof CustomerTenant>;
