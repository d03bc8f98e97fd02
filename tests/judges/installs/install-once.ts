import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where judges are installed: an ignored folder of the project, or `JUDGE_CACHE`, so that it can outlive a checkout. */
const CACHE = resolve(process.env.JUDGE_CACHE ?? join(import.meta.dirname, '../../../.cache/judges'));

/** That folder, made where it is not there. */
export function judgeCache(): string {
  mkdirSync(CACHE, { recursive: true });
  return CACHE;
}

/** A judge that could not be had here; not a finding of its. */
export class CannotInstall extends Error {
  override readonly name = 'CannotInstall';
}

/**
 * Folder of one pinned version, installed by `install` unless it is there and whole. One test file uses a judge, so
 * nobody else installs it at the same time.
 *
 * @throws CannotInstall with the reason
 */
export async function installOnce(name: string, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  const whole = join(folder, '.whole');
  if (existsSync(whole)) return folder;
  process.stderr.write(`installing ${name} into ${folder}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await install(folder);
  } catch (error) {
    throw new CannotInstall(`${name} cannot be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
  writeFileSync(whole, '');
  return folder;
}
