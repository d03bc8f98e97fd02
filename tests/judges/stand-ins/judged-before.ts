import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { judgeCache } from '../installs/install-once.ts';
import type { SuiteResult } from './run-suite-elsewhere.ts';

const PROJECT = join(import.meta.dirname, '../../..');

const Kept = z.object({ fingerprint: z.string(), passed: z.array(z.string()), failed: z.array(z.string()) });

/**
 * What `judge` says of a service's suite: what it said before, unless the suite, the stand-in, or how it is judged has
 * changed since, or the judge was asked for by name. `isNew` tells which. A failure that is not among `known` is asked
 * again the next time.
 */
export async function judgedBefore(
  { service, judge, known }: { service: string; judge: string; known: readonly string[] },
  run: () => Promise<SuiteResult>,
): Promise<SuiteResult & { readonly isNew: boolean }> {
  const kept = join(judgeCache(), `suite-${service}.json`);
  const fingerprint = fingerprintOf(service, judge);
  const before = process.env.JUDGE_BY_NAME === undefined ? readKept(kept) : undefined;
  if (before?.fingerprint === fingerprint) return { ...before, isNew: false };
  const result = await run();
  if (result.failed.every((behaviour) => known.includes(behaviour)))
    writeFileSync(kept, JSON.stringify({ fingerprint, ...result }));
  return { ...result, isNew: true };
}

function readKept(path: string): z.infer<typeof Kept> | undefined {
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Never judged here, or in another form: it is judged now.
    return undefined;
  }
}

function fingerprintOf(service: string, judge: string): string {
  const sources = [
    'infra/local/*.ts',
    `infra/local/${service}/**/*.ts`,
    `tests/infra/local/stand-ins/{${service}.*,suite-target.ts}`,
    'tests/judges/{stand-ins.judge.ts,stand-ins/*}',
    'package-lock.json',
  ];
  const hash = createHash('sha256').update(judge);
  for (const file of sources.flatMap((pattern) => globSync(pattern, { cwd: PROJECT })).sort())
    hash.update(file).update(readFileSync(join(PROJECT, file)));
  return hash.digest('hex');
}
