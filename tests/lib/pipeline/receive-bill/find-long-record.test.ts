import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLongRecord } from '../../../../lib/pipeline/receive-bill/find-long-record.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['no record is too long', 'a,b\n1,2\n', undefined],
  ['a long last record without a line break', 'a,b\n1,2\n3,1234567890', 2],
  ['a long record among others', 'a,b\r\n1,1234567890\r\n3,4\r\n', 1],
  ['line breaks inside quotes', 'a,b\n1,"2\n3\n4\n5\n6"\n', 1],
  ['doubled quotes inside quotes', 'a,b\n1,"""\n""\n\n\n\n"\n', 1],
  ['quotes inside a bare cell', 'a,b\n1," "\n3,a ""b\n5,6\n7,8\n', undefined],
])('%s', async (_, text, record) => {
  const path = join(folder, 'a.csv');
  await writeFile(path, text);
  expect(await findLongRecord(path, 10)).toBe(record);
});
