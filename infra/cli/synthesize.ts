import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Sources that the template is made of; everything else leaves it as it is. */
const SOURCES = 'infra/{*.ts,constructs/**/*.ts},lib/{names,focus}/**/*.ts';

/**
 * Synthesizes the template into `cdk.out` unless it is newer than everything it is made of. Returns its file.
 *
 * @throws Error with CDK's own words where synthesis or a check of it fails.
 */
export async function synthesize(projectFolder: string): Promise<string> {
  const outFolder = join(projectFolder, 'cdk.out');
  const template = join(outFolder, 'Apportion.template.json');
  if (existsSync(template) && newest(projectFolder) <= statSync(template).mtimeMs) return template;
  await run(process.execPath, [join(projectFolder, 'infra/app.ts')], {
    cwd: projectFolder,
    env: { ...process.env, CDK_OUTDIR: outFolder },
  });
  return template;
}

function newest(projectFolder: string): number {
  const files = SOURCES.split(/,(?![^{]*\})/).flatMap((pattern) => globSync(pattern, { cwd: projectFolder }));
  return Math.max(...files.map((file) => statSync(join(projectFolder, file)).mtimeMs));
}
