import { z } from 'zod';
import { CommitmentPolicy } from './commitment-policy.ts';
import { plainText } from './plain-text.ts';

/** Which of the applicable rules price a row: the first, each from the original amounts, or one after the other. */
export const Precedence = z.enum(['first_match', 'independent', 'sequential']);
export type Precedence = z.infer<typeof Precedence>;

/** The partner's settings: who issues the customers' bills, and how rules take precedence (`pricing.md` §6). */
export const PartnerSettings = z.strictObject({
  name: plainText({ charactersMin: 1, charactersMax: 200 }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
  precedence: Precedence,
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
