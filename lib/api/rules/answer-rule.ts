import type { StoredRule } from '../../domain/stored-rule.ts';
import { explain } from '../../rules/explain.ts';

/** A stored rule as answered, with its meaning in words. */
export function answerRule(stored: StoredRule) {
  return { ...stored, explanation: explain(stored.rule) };
}
