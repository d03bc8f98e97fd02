import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonTool } from '../installs/python-tool.ts';
import { JUDGES } from '../judges.ts';
import { requireTool } from '../run-tool.ts';

const PROGRAM = join(import.meta.dirname, 'focus_check.py');
const ALLOWED = join(import.meta.dirname, 'allowed-findings.json');
const FOCUS_MODEL = '1.2.0.1';
const REQUIREMENTS = ['pyarrow==25.0.0', 'duckdb==1.5.6'];

const Judged = z.object({
  rows: z.number(),
  rulesRun: z.number(),
  /** Rules that are broken and should not be, in the validator's words. */
  findings: z.array(z.string()),
  /** Rules on the list of those that are wrong. */
  excused: z.array(z.string()),
});
type Judged = z.infer<typeof Judged>;

const Allowed = z.object({
  rules: z.record(z.string(), z.object({ why: z.string() })),
  ours: z.record(z.string(), z.object({ why: z.string() })),
  checkFunctions: z.record(z.string(), z.string()),
});

/** Rules that are excused by name, each with what is wrong with it, or with us. */
export function allowedFindings(): ReadonlyMap<string, string> {
  const { rules, ours, checkFunctions } = Allowed.parse(JSON.parse(readFileSync(ALLOWED, 'utf8')));
  const named = Object.entries({ ...rules, ...ours }).map(([id, { why }]) => [id, why] as const);
  return new Map([...named, ...Object.entries(checkFunctions)]);
}

/** What the official validator says of FOCUS 1.2 Parquet files, in their order. @throws Error where one is unreadable */
export async function focusValidator(files: readonly string[]): Promise<readonly Judged[]> {
  const { name, version } = JUDGES.focusValidator;
  const requirements = [`focus-validator==${version}`, ...REQUIREMENTS];
  const bin = await pythonTool({ name: `${name}-${version}`, requirements });
  const printed = await requireTool(join(bin, 'python'), [PROGRAM, FOCUS_MODEL, ALLOWED, ...files]);
  return z.array(Judged).parse(JSON.parse(printed));
}
