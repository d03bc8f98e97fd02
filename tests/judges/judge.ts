import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { forgetUnused } from './answer-memory.ts';
import { JUDGES } from './judges.ts';
import { trinoAnswers } from './sql/trino-memory.ts';
import { forgetVerdicts, keptVerdicts } from './verdict.ts';
import { judgedPage, terminalTable, withoutTimes } from './verdict-table.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PAGE = join(PROJECT, 'docs/judged.md');

/** `npm run judge [-- name …]`: puts the project before its judges, shows their table and, of all, writes the page. */
async function judge(names: readonly string[]): Promise<number> {
  const suites = globSync('*.judge.ts', { cwd: import.meta.dirname }).map((file) => basename(file, '.judge.ts'));
  const strangers = names.filter((name) => !suites.includes(name));
  if (strangers.length > 0) {
    process.stderr.write(`There is no judge ${strangers.join(', ')}. There are: ${suites.sort().join(', ')}.\n`);
    return 2;
  }
  forgetVerdicts();
  const began = Date.now();
  const exitCode = await runVitest(names.map((name) => join('tests/judges', `${name}.judge.ts`)));
  const verdicts = [...keptVerdicts()].sort((one, other) => compare(one.suite, other.suite));
  const silent = Object.values(JUDGES).filter(({ name }) => !verdicts.some(({ judge }) => judge === name));
  process.stdout.write(`\n${terminalTable(verdicts)}\n`);
  if (names.length > 0) return exitCode;
  if (exitCode === 0) forgetUnused(trinoAnswers(), began);
  for (const { name } of silent) process.stdout.write(`${name} said nothing\n`);
  process.stdout.write(writePage(judgedPage(verdicts)) ? 'Written to docs/judged.md\n' : 'docs/judged.md says so\n');
  return silent.length > 0 ? 1 : exitCode;
}

/** Writes the page where it says anything new: who judges again what has not changed has nothing to commit. */
function writePage(page: string): boolean {
  const before = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  if (withoutTimes(before) === withoutTimes(page)) return false;
  writeFileSync(PAGE, page);
  return true;
}

function runVitest(files: readonly string[]): Promise<number> {
  const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'tests/judges/vitest.config.ts', '--root', '.', ...files];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(files.length > 0 ? { JUDGE_BY_NAME: '1' } : {}) };
    const child = spawn(process.execPath, args, { cwd: PROJECT, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

process.exitCode = await judge(process.argv.slice(2));
