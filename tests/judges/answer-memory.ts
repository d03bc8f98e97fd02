import { createHash, randomUUID } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/** How many answers were new, and how many were known before. */
export interface Answered {
  asked: number;
  remembered: number;
}

/** Everything that an answer follows from; equal questions have equal answers. Made of plain data only. */
type Question = Readonly<Record<string, unknown>>;

/**
 * What a judge answered before: one file for each answer, named by a hash of everything it follows from. A judge that is
 * slow and gives to one question one answer is asked what is new; what is compared with the answers is made anew each time.
 */
export class AnswerMemory {
  readonly answered: Answered = { asked: 0, remembered: 0 };
  readonly #folder: string;
  readonly #judge: string;

  /** @param judge everything of the judge itself that its answers follow from: version, configuration, what reads them */
  constructor(folder: string, judge: string) {
    this.#folder = folder;
    this.#judge = judge;
  }

  /** The answer to `question` from memory, else what `ask` returns, which is kept. An entry that is no answer is asked again. */
  async answer<Answer>(question: Question, schema: z.ZodType<Answer>, ask: () => Promise<Answer>): Promise<Answer> {
    const path = join(this.#folder, `${hashOf({ judge: this.#judge, question })}.json`);
    const known = readEntry(path, schema);
    if (known !== undefined) {
      this.answered.remembered += 1;
      const now = new Date();
      utimesSync(path, now, now);
      return known;
    }
    const answer = await ask();
    this.answered.asked += 1;
    this.#keep(path, answer);
    return answer;
  }

  /** A judge that is killed while it writes leaves a file that no question has the name of. */
  #keep(path: string, answer: unknown): void {
    mkdirSync(this.#folder, { recursive: true });
    const unfinished = `${path}.${randomUUID()}`;
    writeFileSync(unfinished, JSON.stringify(answer));
    renameSync(unfinished, path);
  }
}

/** Drops what was neither asked nor looked up since `since` (milliseconds since 1970), unfinished entries among it. */
export function forgetUnused(folder: string, since: number): void {
  for (const path of globSync(join(folder, '*'))) if (statSync(path).mtimeMs < since) rmSync(path);
}

/** A short name of plain data: the same for the same data. */
export function hashOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

function readEntry<Answer>(path: string, schema: z.ZodType<Answer>): Answer | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, half there, or in an earlier form.
    return undefined;
  }
}
