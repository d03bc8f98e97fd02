import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { billFiles } from '../../../infra/cli/bill-files.ts';

const EXECUTION = 'BILLING_PERIOD=2025-03/2025-04-02T06:00:00.000Z-6f0c2d7e';
const refused = (message: string) =>
  expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) });

describe('What is at --bill', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bill-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (files: Readonly<Record<string, string>>): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  };
  const thrownBy = (bill: string): unknown => {
    try {
      return billFiles(bill);
    } catch (error) {
      return error;
    }
  };

  test.each(['march.csv', 'march.csv.gz', 'März (1)+2.PARQUET'])('one file %s is a bare bill', (name) => {
    const path = join(write({ [name]: '' }), name);
    expect(billFiles(path)).toEqual({
      delivery: 'files',
      announcedBy: [`bill/${name}`],
      files: [{ key: `bill/${name}`, path }],
    });
    expect(billFiles(folder)).toEqual(billFiles(path));
  });

  test('a folder of files is one bill, under a manifest that names them all', () => {
    const bill = billFiles(write({ 'a.csv': '', 'b/c.csv.gz': '', 'notes.txt': '' }));
    expect(bill.announcedBy).toEqual(['bill/_manifest.json']);
    expect(bill.files.map(({ key }) => key)).toEqual(['bill/a.csv', 'bill/b/c.csv.gz', 'bill/_manifest.json']);
    expect(JSON.parse(bill.files.at(-1)?.text ?? '')).toEqual({ files: ['a.csv', 'b/c.csv.gz'] });
  });

  test('a folder with manifests of our own form keeps them, each a delivery, written last', () => {
    const text = '{"files":["a.csv"]}';
    const bill = billFiles(
      write({
        '2025-03/a.csv': '',
        '2025-03/_manifest.json': text,
        '2025-04/a.csv': '',
        '2025-04/_manifest.json': text,
      }),
    );
    expect(bill).toMatchObject({
      delivery: 'files',
      announcedBy: ['bill/2025-03/_manifest.json', 'bill/2025-04/_manifest.json'],
    });
    expect(bill.files.slice(2)).toEqual(bill.announcedBy.map((key) => ({ key, text })));
  });

  test('a folder of AWS Data Exports is delivered by its executions’ manifests, whose addresses become the files’ places here', () => {
    const address = `s3://payers-bucket/exports/costs/data/${EXECUTION}/costs-00001.csv.gz`;
    const manifest = JSON.stringify({ executionId: '6f0c', dataFiles: [address] });
    const bill = billFiles(
      write({
        [`costs/data/${EXECUTION}/costs-00001.csv.gz`]: '',
        [`costs/metadata/${EXECUTION}/costs-Manifest.json`]: manifest,
        'costs/metadata/BILLING_PERIOD=2025-03/costs-Manifest.json': manifest,
      }),
    );
    const announcedBy = `bill/costs/metadata/${EXECUTION}/costs-Manifest.json`;
    const data = `bill/costs/data/${EXECUTION}/costs-00001.csv.gz`;
    expect(bill).toMatchObject({ delivery: 'data_exports', announcedBy: [announcedBy] });
    expect(bill.files.map(({ key }) => key)).toEqual([data, announcedBy]);
    expect(JSON.parse(bill.files.at(-1)?.text ?? '')).toEqual({
      executionId: '6f0c',
      dataFiles: [`s3://{landing}/${data}`],
    });
  });

  test('a file that such a manifest names and the folder lacks keeps its name, to be refused by it', () => {
    const bill = billFiles(
      write({ [`metadata/${EXECUTION}/costs-Manifest.json`]: '{"dataFiles":["s3://bucket/data/lost.parquet"]}' }),
    );
    expect(bill.files.at(-1)?.text).toBe('{"dataFiles":["s3://{landing}/bill/data/lost.parquet"]}');
  });

  test.each(['{', '[]', '{"files":[]}'])('a manifest %s that is none goes as it is, to be refused by name', (text) => {
    const bill = billFiles(write({ [`metadata/${EXECUTION}/costs-Manifest.json`]: text }));
    expect(bill.files).toEqual([{ key: `bill/metadata/${EXECUTION}/costs-Manifest.json`, text }]);
  });

  test('what cannot be a bill is refused with what would be', () => {
    expect(thrownBy(join(folder, 'none.csv'))).toEqual(refused('there is no such file or folder'));
    expect(thrownBy(folder)).toEqual(refused('the folder holds no .csv, .csv.gz or .parquet file'));
    write({ 'bill.xlsx': '' });
    expect(thrownBy(folder)).toEqual(refused('the folder holds no .csv, .csv.gz or .parquet file'));
    expect(thrownBy(join(folder, 'bill.xlsx'))).toEqual(refused('give a .csv, .csv.gz or .parquet file'));
  });
});
