import type { RowRule } from '../domain/billing-rule.ts';
import type { StoredRule } from '../domain/stored-rule.ts';

/** A stored rule that acts on rows. */
export type StoredRowRule = StoredRule & { readonly rule: RowRule };
