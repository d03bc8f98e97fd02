import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** Fetched bills, which lie beside the project and are never part of it. */
const FOLDER = join(import.meta.dirname, '../../../shared/data');

/** Why a test that needs them is skipped, in the words of its title. */
export const WITHOUT_SHARED_DATA = 'skipped where ../shared/data is not there';

/** Whether they are there. */
export const HAS_SHARED_DATA = existsSync(FOLDER);

/** Files below the folder by a pattern, sorted; none where the folder is not there. */
export function sharedFiles(pattern: string): readonly string[] {
  return HAS_SHARED_DATA
    ? globSync(pattern, { cwd: FOLDER })
        .map((path) => join(FOLDER, path))
        .sort()
    : [];
}
