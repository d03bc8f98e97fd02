import { bill } from '../small-bill.ts';
import type { End, HostileCase, Objects } from './hostile-case.ts';

const KEY = 'acme/m/_manifest.json';
const GOOD: Objects = { 'm/a.csv': bill([{}]) };
const manifest = (hostile: string, text: () => string | Buffer, end: End): HostileCase => ({
  hostile,
  objects: () => ({ ...GOOD, 'm/_manifest.json': text() }),
  end,
});
const naming = (hostile: string, file: unknown, saying: string): HostileCase =>
  manifest(hostile, () => JSON.stringify({ files: [file] }), {
    refused: 'manifest_unreadable',
    details: { file: KEY },
    saying,
  });
const missing = (hostile: string, file: string): HostileCase =>
  manifest(hostile, () => JSON.stringify({ files: [file] }), {
    refused: 'manifest_file_missing',
    details: { manifest: KEY },
  });
const unreadable = (saying: string): End => ({ refused: 'manifest_unreadable', details: { file: KEY }, saying });
const rows = (count: number): End => ({ reads: { periods: [{ period: '2025-03' as never, rows: count }] } });

/** Manifests that lead elsewhere, or nowhere, or never end. */
export const MANIFEST_CASES: readonly HostileCase[] = [
  naming('a way up', '../b/a.csv', 'a path, not a key'),
  naming('a way up that comes back', 'x/../a.csv', 'a path, not a key'),
  naming('a file of the machine', '/etc/passwd', 'a path, not a key'),
  naming('a file by URL', 'file:///etc/passwd', 'in another bucket'),
  naming('another bucket', 's3://elsewhere/acme/a.csv', 'in another bucket'),
  naming('the lake', 's3://lake/runs/x.parquet', 'in another bucket'),
  naming('another integration’s folder', 's3://landing/globex/a.csv', 'not a file of the integration'),
  naming('a folder', 'sub/', 'not a file of the integration'),
  naming('no name', '', 'not a file of the integration'),
  naming('U+0000 in a name', 'a\u0000.csv', 'a control character'),
  naming('half of a surrogate pair in a name', 'a\ud800.csv', 'no Unicode text'),
  naming('a name of two kilobytes', `${'x'.repeat(2000)}.csv`, 'longer than 1024 bytes'),
  naming('a number for a name', 7, 'expected {"files"'),
  missing('a way up in URL code (a name like any other, and not there)', '%2e%2e%2fb%2fa.csv'),
  missing('a way up with backslashes (a name like any other, and not there)', '..\\b\\a.csv'),
  manifest('itself', () => JSON.stringify({ files: ['_manifest.json'] }), {
    refused: 'unknown_format',
    details: { file: KEY },
  }),
  manifest(
    'the same file twice',
    () => JSON.stringify({ files: ['a.csv', 'a.csv'] }),
    unreadable('names acme/m/a.csv twice'),
  ),
  manifest(
    'the same file by its name and by its address',
    () => JSON.stringify({ files: ['a.csv', 's3://landing/acme/m/a.csv'] }),
    unreadable('names acme/m/a.csv twice'),
  ),
  manifest(
    'a hundred thousand files',
    () => JSON.stringify({ files: Array.from({ length: 100_000 }, (_, at) => `${at}.csv`) }),
    { refused: 'too_many_files', details: { file: KEY, files: 100_000, most: 10_000 } },
  ),
  manifest('a manifest of 200 MB', () => Buffer.alloc(200_000_000, 32), unreadable('larger than')),
  manifest('a manifest of no bytes', () => '', unreadable('it is not JSON')),
  manifest('a manifest that is no JSON', () => 'files: a.csv', unreadable('it is not JSON')),
  manifest('a manifest cut off', () => '{"files": ["a.cs', unreadable('it is not JSON')),
  manifest(
    'a manifest in UTF-16',
    () => Buffer.from(JSON.stringify({ files: ['a.csv'] }), 'utf16le'),
    unreadable('it is not JSON'),
  ),
  manifest(
    'a manifest nested ten thousand deep',
    () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    unreadable('expected {"files"'),
  ),
  manifest('a manifest of a million brackets', () => '['.repeat(1_000_000), unreadable('it is not JSON')),
  manifest('a manifest of no files', () => JSON.stringify({ files: [] }), unreadable('expected {"files"')),
  manifest(
    'a manifest that would change every object',
    () => '{"__proto__": {"files": ["a.csv"]}}',
    unreadable('expected {"files"'),
  ),
  manifest(
    'a manifest made in the year 9999',
    () => JSON.stringify({ files: ['a.csv'], createdAt: '9999-12-31T00:00:00Z' }),
    unreadable('after it was delivered'),
  ),
  manifest('a manifest with a byte order mark (legal)', () => `\ufeff${JSON.stringify({ files: ['a.csv'] })}`, rows(1)),
  {
    hostile: 'a directory marker among the files (legal: nobody names it)',
    objects: () => ({ 'm/': '', ...GOOD, 'm/_manifest.json': JSON.stringify({ files: ['a.csv'] }) }),
    end: rows(1),
  },
  {
    hostile: 'files of unlike columns',
    objects: () => ({
      ...GOOD,
      'm/b.csv': bill([{}], ['Tags']),
      'm/_manifest.json': JSON.stringify({ files: ['a.csv', 'b.csv'] }),
    }),
    end: { refused: 'columns_differ', details: { file: 'acme/m/b.csv', otherFile: 'acme/m/a.csv', column: 'Tags' } },
  },
  {
    hostile: 'one broken file among good ones',
    objects: () => ({
      ...GOOD,
      'm/b.csv': bill([{}, { ListCost: 'free' }]),
      'm/_manifest.json': JSON.stringify({ files: ['a.csv', 'b.csv'] }),
    }),
    end: { refused: 'value_unreadable', details: { file: 'acme/m/b.csv', row: 2, column: 'ListCost', value: 'free' } },
  },
  {
    hostile: 'a broken value before a file that is cut off: the first at fault is named',
    objects: () => ({
      ...GOOD,
      'm/b.csv': bill([{}, { ListCost: 'free' }]),
      'm/c.csv': bill([{}]).slice(0, 20),
      'm/_manifest.json': JSON.stringify({ files: ['a.csv', 'b.csv', 'c.csv'] }),
    }),
    end: { refused: 'value_unreadable', details: { file: 'acme/m/b.csv', row: 2, column: 'ListCost', value: 'free' } },
  },
  {
    hostile: 'the same content under two names (legal: the manifest says that both are the bill)',
    objects: () => ({
      ...GOOD,
      'm/b.csv': bill([{}]),
      'm/_manifest.json': JSON.stringify({ files: ['a.csv', 'b.csv'] }),
    }),
    end: rows(2),
  },
  {
    hostile: 'an export’s manifest of a time that does not exist (legal: the event’s time counts)',
    delivery: 'data_exports',
    objects: () => ({
      'e/data/BILLING_PERIOD=2025-03/a.csv': bill([{}]),
      'e/metadata/BILLING_PERIOD=2025-03/2025-99-99T99:99:99Z-x/e-Manifest.json': JSON.stringify({
        dataFiles: ['s3://landing/acme/e/data/BILLING_PERIOD=2025-03/a.csv'],
      }),
    }),
    end: rows(1),
  },
  {
    hostile: 'an export’s row of another month than its path',
    delivery: 'data_exports',
    objects: () => ({
      'f/data/BILLING_PERIOD=2025-03/a.csv': bill([{}, { BillingPeriodStart: '2025-02-01' }]),
      'f/metadata/BILLING_PERIOD=2025-03/2025-04-02T00:00:00Z-x/f-Manifest.json': JSON.stringify({
        dataFiles: ['s3://landing/acme/f/data/BILLING_PERIOD=2025-03/a.csv'],
      }),
    }),
    end: { refused: 'value_unreadable', details: { row: 2, column: 'BillingPeriodStart', value: '2025-02' } },
  },
];
