import type { Run } from '../../domain/run.ts';
import { explainReason } from '../explain-reason.ts';

/** A stored run in the API's shape. */
export function answerRun({ summaryKey: _, ...run }: Run) {
  return { ...run, reason: explainReason(run.reason) };
}
