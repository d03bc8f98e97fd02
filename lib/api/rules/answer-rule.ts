import type { StoredRule } from '../../domain/stored-rule.ts';
import { explainRule } from '../../rules/explain-rule.ts';

/** A stored rule as answered, with its meaning in words. */
export function answerRule(stored: StoredRule) {
  return { ...stored, explanation: explainRule(stored.rule) };
}
