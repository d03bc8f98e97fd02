import { Problem } from '../domain/problem.ts';

/** Refuses a change that is based on another version than the stored one (412). */
export function requireVersion(expected: number | undefined, actual: number): void {
  if (expected !== actual)
    throw new Problem('precondition_failed', { expected: `"${expected}"`, actual: `"${actual}"` });
}
