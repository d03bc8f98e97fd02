import { basename } from 'node:path';
import { expect } from 'vitest';
import type { Answered } from './answer-memory.ts';
import { CannotInstall } from './installs/install-once.ts';
import type { Judge } from './judges.ts';
import { keepVerdict, type Verdict } from './verdict.ts';

/** How much a judge looked at, and what else to say of it. */
interface Looked {
  readonly count: string;
  readonly remark?: string;
  /** Of a judge whose answers are remembered. */
  readonly answered?: Answered;
}

/**
 * The body of a test in which `judge` looks at `subject`; what `act` throws is its finding. Whatever comes of it stands
 * in the table, also that the judge could not be had.
 */
export function judged(judge: Judge, subject: string, act: () => Promise<Looked>): () => Promise<void> {
  return () => spoken(judge, subject, { held: 'passed', broken: 'failed' }, act);
}

/** The same for a defect that was planted: `act` throws unless the judge finds it. @param answered of a judge whose answers are remembered */
export function planted(
  judge: Judge,
  defect: string,
  act: () => Promise<void>,
  answered?: () => Answered,
): () => Promise<void> {
  return () =>
    spoken(judge, `planted: ${defect}`, { held: 'found', broken: 'missed' }, async () => {
      await act();
      return { count: '1 defect', ...(answered === undefined ? {} : { answered: answered() }) };
    });
}

async function spoken(
  { name, version }: Judge,
  subject: string,
  words: { readonly held: Verdict['verdict']; readonly broken: Verdict['verdict'] },
  act: () => Promise<Looked>,
): Promise<void> {
  const suite = basename(expect.getState().testPath ?? '', '.judge.ts');
  const began = Date.now();
  const keep = (verdict: Verdict['verdict'], { count, remark = '', answered }: Looked) =>
    keepVerdict({
      ...{ suite, judge: name, version, subject, count, verdict, remark },
      ...(answered === undefined ? {} : { answered }),
      seconds: (Date.now() - began) / 1000,
    });
  try {
    keep(words.held, await act());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    keep(error instanceof CannotInstall ? 'not run' : words.broken, { count: '', remark: reason });
    throw error;
  }
}
