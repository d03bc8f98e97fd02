import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sampleCsv } from '../../lib/sample-bill/sample-bill.ts';

/** The sample that `npm start` delivers: always the same bill. */
export const SAMPLE = {
  integrationId: 'sample',
  key: 'sample/2025-03.csv',
  period: '2025-03',
  rows: 6_000,
  seed: 20_250_301,
} as const;

/** Writes the sample's CSV into `folder` and returns its path. */
export async function createSampleFile(folder: string): Promise<string> {
  const path = join(folder, 'sample', '2025-03.csv');
  await mkdir(join(folder, 'sample'), { recursive: true });
  await pipeline(Readable.from(sampleCsv(SAMPLE)), createWriteStream(path));
  return path;
}
