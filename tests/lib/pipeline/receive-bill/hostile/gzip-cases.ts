import { createGzip, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { bill } from '../small-bill.ts';
import { badFile, type End, type HostileCase, marchRows, oneFile } from './hostile-case.ts';

const KEY = 'acme/bill.csv.gz';
const packed = (hostile: string, body: () => Buffer | Promise<Buffer>, end: End): HostileCase =>
  oneFile('bill.csv.gz', hostile, body, end);
const csv = (hostile: string, body: () => Buffer, end: End): HostileCase => oneFile('bill.csv', hostile, body, end);
const GOOD = gzipSync(bill([{}, {}]));
const changed = (at: number, byte: number) => {
  const bytes = Buffer.from(GOOD);
  bytes[at < 0 ? bytes.length + at : at] = byte;
  return bytes;
};

/** A gzip file that unpacks to this many zeros, made without holding them. */
async function bomb(megabytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const zeros = Buffer.alloc(1024 * 1024, `${bill([{}]).split('\n')[1]}\n`);
  gzip.write(bill([]));
  for (let written = 0; written < megabytes; written += 1)
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  const ended = new Promise((resolve) => gzip.once('end', resolve));
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Files that are packed, and files that lie about what they are. */
export const GZIP_CASES: readonly HostileCase[] = [
  packed('a gzip bomb', () => bomb(600), { refused: 'file_too_large', details: { file: KEY } }),
  packed('a gzip bomb in a gzip file', async () => gzipSync(await bomb(300)), badFile('packed twice', KEY)),
  packed('a gzip file that is cut off', () => GOOD.subarray(0, -12), badFile('cut off', KEY)),
  packed('a gzip file cut off in its last eight bytes', () => GOOD.subarray(0, -3), badFile('cut off', KEY)),
  packed('a gzip file of no bytes', () => Buffer.alloc(0), badFile('it is empty', KEY)),
  packed('a gzip header alone', () => GOOD.subarray(0, 10), badFile('cut off', KEY)),
  packed('a gzip file of an empty text', () => gzipSync(''), badFile('it is empty', KEY)),
  packed('a wrong checksum', () => changed(-7, (GOOD.at(-7) ?? 0) ^ 1), badFile('Z_DATA_ERROR', KEY)),
  packed('a wrong length at the end', () => changed(-1, 7), badFile('Z_DATA_ERROR', KEY)),
  packed('an unknown way to pack', () => changed(2, 7), badFile('Z_DATA_ERROR', KEY)),
  packed(
    'two members (legal: RFC 1952 reads them as one)',
    () => Buffer.concat([GOOD, gzipSync(bill([{}]).split('\n')[1] ?? '')]),
    marchRows(3, '3.75'),
  ),
  packed(
    'fifty thousand empty members (legal)',
    () => Buffer.concat([GOOD, ...Array<Buffer>(50_000).fill(gzipSync(''))]),
    marchRows(2, '2.5'),
  ),
  packed('garbage behind the end', () => Buffer.concat([GOOD, Buffer.from('garbage')]), badFile('Z_DATA_ERROR', KEY)),
  packed('a second member that is cut off', () => Buffer.concat([GOOD, GOOD.subarray(0, 30)]), badFile('cut off', KEY)),
  packed('zeros behind the end (legal: padding)', () => Buffer.concat([GOOD, Buffer.alloc(512)]), marchRows(2, '2.5')),
  packed('a member behind padding', () => Buffer.concat([GOOD, Buffer.alloc(512), GOOD]), badFile('behind', KEY)),
  packed('text named .csv.gz', () => Buffer.from(bill([{}])), badFile('it is no gzip file', KEY)),
  packed(
    'a ZIP archive named .csv.gz',
    () => Buffer.from(zipSync({ 'bill.csv': Buffer.from(bill([{}])) })),
    badFile('ZIP', KEY),
  ),
  packed('gzip in gzip', () => gzipSync(GOOD), badFile('packed twice', KEY)),
  packed('Parquet in gzip', () => gzipSync(Buffer.from('PAR1....PAR1')), badFile('Parquet', KEY)),
  csv(
    'a workbook named .csv',
    () => Buffer.from(zipSync({ 'xl/workbook.xml': Buffer.from('<workbook/>') })),
    badFile('ZIP'),
  ),
  csv('gzip named .csv', () => GOOD, badFile('gzip')),
  csv('Parquet named .csv', () => Buffer.from('PAR1\u0015\u0004\u0015PAR1'), badFile('Parquet')),
  oneFile('bill.parquet', 'CSV named .parquet', () => bill([{}]), badFile('it is no Parquet', 'acme/bill.parquet')),
  oneFile('bill.parquet', 'gzip named .parquet', () => GOOD, badFile('it is no Parquet', 'acme/bill.parquet')),
];
