import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonTool } from '../installs/python-tool.ts';
import { JUDGES } from '../judges.ts';
import { runTool } from '../run-tool.ts';

/** W3005: a dependency CDK writes besides the reference that says it already; W3045: the ACL of a bucket for S3's own logs. */
const SKIPPED = ['W3005', 'W3045'];

const Findings = z.array(
  z.object({
    Level: z.string(),
    Rule: z.object({ Id: z.string() }),
    Message: z.string(),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/** What cfn-lint finds in templates: `E3002 Resources/Api/… message`, warnings too. */
export async function cfnLint(...templates: readonly unknown[]): Promise<readonly string[]> {
  const { name, version } = JUDGES.cfnLint;
  const bin = await pythonTool({ name: `${name}-${version}`, requirements: [`cfn-lint==${version}`] });
  const folder = await mkdtemp(join(tmpdir(), 'apportion-cfn-lint-'));
  try {
    const files = templates.map((_, index) => join(folder, `${index}.template.json`));
    for (const [index, file] of files.entries()) await writeFile(file, JSON.stringify(templates[index]));
    const args = ['-i', ...SKIPPED, '--format', 'json', '--', ...files];
    const { stdout, stderr } = await runTool(join(bin, 'cfn-lint'), args);
    if (stdout.trim() === '') throw new Error(`cfn-lint said nothing: ${stderr.slice(-1000)}`);
    return Findings.parse(JSON.parse(stdout)).map(
      ({ Rule, Location, Message }) => `${Rule.Id} ${Location.Path?.join('/')} ${Message}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
