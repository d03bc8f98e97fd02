import type { Run } from '../../domain/run.ts';
import { explainReason } from '../explain-reason.ts';

/** A stored run in the API's shape. */
export function answerRun({ summaryKey: _, entries = {}, ...run }: Run) {
  return { ...run, entries, reason: explainReason(run.reason) };
}
