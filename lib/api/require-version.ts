import { Problem } from '../domain/problem.ts';

/** Refuses a change that is based on another version than the stored one (412). */
export function requireVersion(expected: number | undefined, actual: number): void {
  if (expected !== actual)
    throw new Problem('precondition_failed', { expected: `"${expected}"`, actual: `"${actual}"` });
}

/** The refusal of a change that somebody else's overtook between reading and writing (412). */
export function overtaken(expected: number | undefined): Problem {
  return new Problem('precondition_failed', { expected: `"${expected}"`, actual: null });
}
