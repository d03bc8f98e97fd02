import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inWorkFolder } from '../../../lib/pipeline/work-folder.ts';

test('a work folder is there while it is worked in and gone afterwards, however the work ends', async () => {
  const folders: string[] = [];
  const work = async (folder: string) => {
    folders.push(folder);
    writeFileSync(join(folder, 'rows'), 'x');
    expect(existsSync(folder)).toBe(true);
    if (folders.length === 2) throw new Error('broke off');
    return 'done';
  };
  expect(await inWorkFolder(work)).toBe('done');
  await expect(inWorkFolder(work)).rejects.toThrow('broke off');
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  expect(new Set(folders).size).toBe(2);
});
