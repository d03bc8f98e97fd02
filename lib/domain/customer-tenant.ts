import { z } from 'zod';
import { CommitmentPolicy } from './commitment-policy.ts';
import { CustomerId } from './ids.ts';
import { plainText } from './plain-text.ts';

/** A customer tenant of the partner: who is charged, and who may read its own ledger. */
export const CustomerTenant = z.strictObject({
  id: CustomerId,
  name: plainText({ charactersMin: 1, charactersMax: 200 }),
  /** Overrides the partner's own policy. */
  commitments: CommitmentPolicy.optional(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
});
export type CustomerTenant = z.infer<typeof CustomerTenant>;
