import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { requireTool } from '../run-tool.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const SUITES = ['tests/infra/local/stand-ins', 'tests/infra/local/http-api'];

/** Tests of our own process are of no service's behaviour. */
const OF_OURS = /\.(inside|restart)\.test\.ts$/;

/** A behaviour of an AWS service that a suite expects of a stand-in. */
export interface Behaviour {
  /** `s3`, `step-functions` … : whose suite says so. */
  readonly service: string;
  /** The groups it is in and the test's own words. */
  readonly words: string;
  /** The same as vitest's report has it. */
  readonly fullName: string;
  /** AWS's page: the comment of one URL above the test, or above the group it is in. */
  readonly source: string | undefined;
}

const Listed = z.array(z.object({ name: z.string(), file: z.string(), location: z.object({ line: z.number() }) }));

/** Every behaviour that the suites expect, case by case, in the order of the suites. */
export async function listBehaviours(): Promise<readonly Behaviour[]> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-behaviours-'));
  try {
    const list = join(folder, 'list.json');
    const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'list', ...SUITES, '--maxWorkers=1', '--includeTaskLocation', `--json=${list}`];
    await requireTool(process.execPath, args, { cwd: PROJECT });
    const listed = Listed.parse(JSON.parse(await readFile(list, 'utf8'))).filter(({ file }) => !OF_OURS.test(file));
    const files = [...new Set(listed.map(({ file }) => file))].sort();
    const lines = new Map(await Promise.all(files.map(async (file) => [file, await linesOf(file)] as const)));
    return files.flatMap((path) =>
      listed
        .filter(({ file }) => file === path)
        .map(({ name, location }) => ({
          service:
            basename(path)
              .replace(/^match-route/, 'http-api')
              .split('.')[0] ?? '',
          words: name.replaceAll(' > ', ': '),
          fullName: name.replaceAll(' > ', ' '),
          source: sourceOf(lines.get(path) ?? [], location.line - 1),
        })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).split('\n');
}

/** The URL right above a line, or else above the line that begins the group around it. */
function sourceOf(lines: readonly string[], at: number): string | undefined {
  const above = commentAbove(lines, beginOf(lines, at));
  if (above !== undefined) return above;
  const indent = indentOf(lines[at]);
  const group = lines.findLastIndex(
    (line, index) => index < at && indentOf(line) < indent && /^ *describe\b/.test(line),
  );
  return group < 0 ? undefined : sourceOf(lines, group);
}

/** Where a test begins whose title stands behind a table of cases. */
function beginOf(lines: readonly string[], at: number): number {
  if (!/^ *\]\)/.test(lines[at] ?? '')) return at;
  const indent = indentOf(lines[at]);
  return lines.findLastIndex((line, index) => index < at && line.trim() !== '' && indentOf(line) <= indent);
}

function commentAbove(lines: readonly string[], at: number): string | undefined {
  const sources: string[] = [];
  for (let index = at - 1; index >= 0; index -= 1) {
    const [, source] = /^ *\/\/ (https:\/\/docs\.aws\.amazon\.com\/\S+)/.exec(lines[index] ?? '') ?? [];
    if (source !== undefined) sources.unshift(source);
    else if (!/^ *\/\//.test(lines[index] ?? '')) break;
  }
  return sources[0];
}

function indentOf(line = ''): number {
  return line.length - line.trimStart().length;
}
