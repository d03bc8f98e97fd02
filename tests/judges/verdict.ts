import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What one judge said of one thing. */
export const Verdict = z
  .object({
    /** File of judges it came from: `template`, `api` … */
    suite: z.string(),
    judge: z.string(),
    version: z.string(),
    subject: z.string(),
    /** How much was looked at, such as `268 resources`. */
    count: z.string(),
    /** `found` and `missed` are of planted defects. */
    verdict: z.enum(['passed', 'failed', 'found', 'missed', 'not run']),
    /** Why it failed or was not run; what else to know. */
    remark: z.string(),
    seconds: z.number(),
    /** Of how many statements the answer was asked now, and of how many it was known from an earlier run. */
    answered: z.object({ asked: z.number(), remembered: z.number() }).optional(),
  })
  .readonly();
export type Verdict = z.infer<typeof Verdict>;

const FOLDER = join(import.meta.dirname, '../../.cache/verdicts');

/** Forgets what earlier runs said. */
export function forgetVerdicts(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Keeps a verdict for the table; the same thing judged again replaces it. */
export function keepVerdict(verdict: Verdict): void {
  mkdirSync(FOLDER, { recursive: true });
  const id = createHash('sha256').update(`${verdict.suite}\n${verdict.judge}\n${verdict.subject}`).digest('hex');
  writeFileSync(join(FOLDER, `${id.slice(0, 16)}.json`), JSON.stringify({ ...verdict, at: Date.now() }));
}

const Kept = Verdict.unwrap().extend({ at: z.number() });

/** All verdicts kept, in the order in which they were spoken. */
export function keptVerdicts(): readonly Verdict[] {
  return globSync('*.json', { cwd: FOLDER })
    .map((file) => Kept.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))))
    .sort((one, other) => one.at - other.at)
    .map((kept) => Verdict.parse(kept));
}
