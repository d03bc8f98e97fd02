import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Sources that the template is made of; everything else leaves it as it is. */
const SOURCES = 'infra/{*.ts,constructs/**/*.ts},lib/{names,focus}/**/*.ts';

/**
 * Synthesizes the template into `cdk.out` unless it is newer than everything it is made of. Returns its file. Several
 * processes may do so at once: each file is moved there whole.
 *
 * @throws Error with CDK's own words where synthesis or a check of it fails.
 */
export async function synthesize(projectFolder: string): Promise<string> {
  const outFolder = join(projectFolder, 'cdk.out');
  const template = join(outFolder, 'Apportion.template.json');
  if (existsSync(template) && newest(projectFolder) <= statSync(template).mtimeMs) return template;
  const made = `${outFolder}.${process.pid}`;
  try {
    await run(process.execPath, [join(projectFolder, 'infra/app.ts')], {
      cwd: projectFolder,
      env: { ...process.env, CDK_OUTDIR: made },
    });
    mkdirSync(outFolder, { recursive: true });
    for (const file of readdirSync(made)) renameSync(join(made, file), join(outFolder, file));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return template;
}

function newest(projectFolder: string): number {
  const files = SOURCES.split(/,(?![^{]*\})/).flatMap((pattern) => globSync(pattern, { cwd: projectFolder }));
  return Math.max(...files.map((file) => statSync(join(projectFolder, file)).mtimeMs));
}
