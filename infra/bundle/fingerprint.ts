import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionName } from '../../lib/names/functions.ts';
import { PROJECT_FOLDER } from './build-bundles.ts';
import { putFile } from './put-file.ts';

const Fingerprint = z.object({ files: z.array(z.string()), stamp: z.string() });

/** How bundles are made, and of which packages: a change here makes every bundle anew. */
const RECIPE = ['infra/bundle/build-bundles.ts', 'package-lock.json'];

/** Whether a function's bundle stands there, made of the files as they are now. */
export function isUpToDate(outFolder: string, name: FunctionName): boolean {
  const file = fingerprintFile(outFolder, name);
  if (!existsSync(join(outFolder, name, 'index.mjs')) || !existsSync(file)) return false;
  const written = Fingerprint.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return written.success && written.data.stamp === stampOf(written.data.files);
}

/** Notes what a bundle was made of. */
export function writeFingerprint(outFolder: string, name: FunctionName, inputs: readonly string[]): void {
  const files = [...RECIPE, ...inputs];
  putFile(fingerprintFile(outFolder, name), JSON.stringify({ files, stamp: stampOf(files) }));
}

function fingerprintFile(outFolder: string, name: FunctionName): string {
  return join(outFolder, `${name}.inputs.json`);
}

/** Size and time of change of each file, a thousand stat calls instead of a build; a file that is gone changes it too. */
function stampOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const stat = statSync(join(PROJECT_FOLDER, file), { throwIfNoEntry: false });
    hash.update(`${file} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
