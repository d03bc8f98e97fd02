import { z } from 'zod';
import { billingRuleSchema } from '../../../lib/domain/billing-rule.ts';
import { CommitmentPolicy } from '../../../lib/domain/commitment-policy.ts';
import { Day } from '../../../lib/domain/day.ts';
import { Precedence } from '../../../lib/domain/settings.ts';

const subAccountId = z.string('an id as text: put it in quotes').min(1).max(512);

/** A sub account by its id, or with the days it is owned (first and last, both inclusive) and its provider. */
const SubAccount = z.union(
  [
    subAccountId,
    z.strictObject({
      id: subAccountId,
      from: Day.optional(),
      to: Day.optional(),
      provider: z.string().min(1).max(200).optional(),
    }),
  ],
  'an id as text, in quotes, or { id, from, to, provider }',
);

/** The configuration file of `npm run split` and of the sample: YAML or JSON. Its JSON Schema is `docs/apportion.schema.json`. */
export const ApportionConfig = z.strictObject({
  partner: z
    .strictObject({
      name: z.string().min(1).max(200).default('Partner'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'three capital letters')
        .optional(),
      precedence: Precedence.default('first_match'),
      emailDomain: z.string().min(1).max(253).optional(),
      commitments: CommitmentPolicy.default({ policy: 'pass_through' }),
      subAccounts: z.array(SubAccount).default([]),
    })
    .prefault({}),
  customers: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        subAccounts: z.array(SubAccount).default([]),
        commitments: CommitmentPolicy.optional(),
      }),
    )
    .default([]),
  /** In the partner's one order; customers by their names (`pricing.md` §4). */
  rules: z.array(billingRuleSchema(z.string().min(1).max(200))).default([]),
});
export type ApportionConfig = z.infer<typeof ApportionConfig>;

/** One range of ownership from the file, in its long form. */
export interface OwnedSubAccount {
  readonly id: string;
  readonly from: Day | null;
  readonly to: Day | null;
  readonly provider: string | null;
}

/** A sub account of the file in its long form; absent days are open. */
export function ownedSubAccount(entry: z.infer<typeof SubAccount>): OwnedSubAccount {
  if (typeof entry === 'string') return { id: entry, from: null, to: null, provider: null };
  return { id: entry.id, from: entry.from ?? null, to: entry.to ?? null, provider: entry.provider ?? null };
}
