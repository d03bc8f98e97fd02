import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnswerMemory, hashOf } from '../answer-memory.ts';
import { findJdk } from '../installs/find-jdk.ts';
import { judgeCache } from '../installs/install-once.ts';
import { JUDGES } from '../judges.ts';

/** What of this folder says how Trino runs and how its answers are read. */
const SHAPED_BY = ['install-trino.ts', 'start-trino.ts', 'trino-client.ts', 'java/**/*.{java,xml}'];

/** Folder of Trino's answers, among the judges that are installed. */
export function trinoAnswers(): string {
  return join(judgeCache(), 'trino-answers');
}

/** Trino's answers, valid for this version under this configuration on this JDK. */
export function openTrinoMemory(): AnswerMemory {
  const sources = SHAPED_BY.flatMap((pattern) => globSync(pattern, { cwd: import.meta.dirname })).sort();
  const texts = [...sources.map((file) => join(import.meta.dirname, file)), join(findJdk(), 'release')];
  return new AnswerMemory(
    trinoAnswers(),
    hashOf([JUDGES.trino.version, ...texts.map((path) => readFileSync(path, 'utf8'))]),
  );
}
