import { z } from 'zod';
import { Assignment } from './assignment.ts';
import { CustomerTenant } from './customer-tenant.ts';
import { RuleVersion } from './rule-version.ts';
import { PartnerSettings } from './settings.ts';

/** What a month was closed with (`pricing.md` §4): all that decides a price, as one reading; written once, never changed. */
export const FrozenConfig = z.object({
  revision: z.int().nonnegative(),
  settings: PartnerSettings,
  customers: z.array(CustomerTenant),
  assignments: z.array(Assignment),
  rules: z.array(RuleVersion),
});
export type FrozenConfig = z.infer<typeof FrozenConfig>;
