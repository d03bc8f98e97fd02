import { z } from 'zod';
import { CommitmentPolicy } from './customer-tenant.ts';
import { plainText } from './plain-text.ts';

/** The partner's settings: who issues the customers' bills, and how rules take precedence (`pricing.md` §6). */
export const PartnerSettings = z.strictObject({
  name: plainText({ charactersMin: 1, charactersMax: 200 }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
  precedence: z.enum(['first_match']),
  commitments: CommitmentPolicy,
  version: z.int().nonnegative(),
});
export type PartnerSettings = z.infer<typeof PartnerSettings>;

/** What holds before the partner has set anything. */
export const DEFAULT_SETTINGS: PartnerSettings = {
  name: 'Partner',
  currency: null,
  precedence: 'first_match',
  commitments: { policy: 'pass_through' },
  version: 0,
};
