import { PROBLEMS } from '../lib/domain/problem.ts';
import type { Ended } from '../lib/pipeline/split-bill/end-run.ts';
import { logger } from './telemetry.ts';

/** One line for a run or delivery that did not end well: where it was, why, and what to do next. */
export function logEnd({ reason, ...ended }: Ended): void {
  const code = reason?.code ?? null;
  const kind = code !== null && Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as keyof typeof PROBLEMS] : undefined;
  logger.warn('ended', { ...ended, code, title: kind?.title ?? null, next: kind?.next ?? null });
}
