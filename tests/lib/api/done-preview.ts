import type { RulePreview } from '../../../lib/contracts/rules/rule-preview.ts';

/** The preview of an answer that must not be a job. */
export function donePreview(answer: RulePreview | { readonly status: string }): RulePreview {
  if (!('customers' in answer)) throw new Error(`the preview is ${answer.status}`);
  return answer;
}
