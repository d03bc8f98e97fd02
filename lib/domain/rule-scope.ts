import { z } from 'zod';
import { CustomerId } from './ids.ts';

/** Whose rows a rule acts on: every customer there is or will be, or the named ones. */
export const RuleScope = z.union([z.literal('all'), z.array(CustomerId).min(1)]);
export type RuleScope = z.infer<typeof RuleScope>;

/**
 * The scope as people send it: nobody (`scope_required`) and "all" inside a list (`scope_conflict`) still parse, so that
 * `checkRule` can answer with their own codes. `customerReference` is an id, or in a config file a name.
 */
export function ruleScopeDraft<Reference extends z.ZodType<string>>(customerReference: Reference) {
  return z.union([z.literal('all'), z.array(z.union([z.literal('all'), customerReference]))]).default([]);
}
