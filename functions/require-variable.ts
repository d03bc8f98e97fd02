import type { EnvName } from '../lib/names/environment.ts';

/** The value of an environment variable that the template sets. Throws by name where it does not: no function guesses. */
export function requireVariable(name: EnvName): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}
