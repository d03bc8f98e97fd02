import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { billRow, costs } from '../../journeys/bill-row.ts';
import { csvOf } from '../../journeys/csv.ts';
import { runSplit } from '../../journeys/run-split.ts';

const row = (SubAccountId: string, billed: string) =>
  billRow({ SubAccountId, SubAccountName: `Team ${SubAccountId}`, ...costs(billed) });

describe('`npm run split`', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'split-'));
    mkdirSync(at('full'));
    writeFileSync(at('full/letter.txt'), 'mine');
    writeFileSync(at('März (1)+2.csv'), csvOf([row('01', '1.5'), row('2', '2'), row('2', '-0.25')]));
    writeFileSync(at('broken.csv'), csvOf([row('01', '1.5'), row('2', '1,5')]));
    writeFileSync(at('unknown.yaml'), 'customer: []');
    const owners = ['Alder', 'Birch'].map((name) => `{name: ${name}, subAccounts: ["2"]}`);
    writeFileSync(at('shared.yaml'), `customers: [${owners.join(', ')}]`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const bill = () => ['--bill', at('März (1)+2.csv')];
  test.each([
    [
      'a bill that is not there',
      () => ['--bill', at('none.csv'), '--out', at('out')],
      'none.csv: there is no such file',
    ],
    [
      'a bill that is none',
      () => ['--bill', at('full/letter.txt'), '--out', at('out')],
      'give a .csv, .csv.gz or .parquet',
    ],
    ['an output folder that holds something', () => [...bill(), '--out', at('full')], 'full: the folder is not empty'],
    ['a file for an output folder', () => [...bill(), '--out', at('broken.csv')], 'broken.csv: this is a file'],
    ['no output folder', bill, "required option '--out"],
    ['an option nobody knows', () => [...bill(), '--out', at('out'), '--csv'], "unknown option '--csv'"],
    ['a format nobody reads', () => [...bill(), '--out', at('out'), '--format', 'cur'], 'Allowed choices are focus'],
    [
      'a configuration that is not there',
      () => [...bill(), '--out', at('out'), '--config', at('no.yaml')],
      'no.yaml: there is no such file',
    ],
    [
      'a key nobody knows',
      () => [...bill(), '--out', at('out'), '--config', at('unknown.yaml')],
      'there is no key "customer" here',
    ],
    [
      'two owners on one day',
      () => [...bill(), '--out', at('out'), '--config', at('shared.yaml')],
      'sub account 2 belongs to both Alder and Birch',
    ],
  ])('%s ends it with 2, saying so, and nothing is written', async (_, args, said) => {
    const ended = await runSplit(...args());
    expect(ended).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(said) });
    expect(existsSync(at('out'))).toBe(false);
    expect(readFileSync(at('full/letter.txt'), 'utf8')).toBe('mine');
  });

  test('a bill with a bad cell ends it with 3, naming file, row and column, and nothing is written', async () => {
    const ended = await runSplit('--bill', at('broken.csv'), '--out', at('out'), '--quiet');
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
    for (const said of ['Quarantined', 'broken.csv', 'row: 2', 'column: BilledCost', '1,5', 'Nothing was published'])
      expect(ended.stderr).toContain(said);
    expect(globSync('{out,.out*}', { cwd: folder })).toEqual([]);
  }, 60_000);

  test('without a configuration it makes a customer of every sub account and shows them in a table', async () => {
    const out = at('deep/down/out');
    const ended = await runSplit(...bill(), '--out', out);
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('delivering 1 file');
    const table = ended.stdout.replaceAll(/ {2,}/g, ' ');
    expect(table).toContain('2025-03 · bill · USD');
    expect(table).toContain('Team 01 1 1.50 1.50 0.00 0.00');
    expect(table).toContain('Team 2 2 1.75 1.75 0.00 0.00');
    expect(table).toContain('Reconciled to the last digit: 3 rows, BilledCost 3.25 USD');
    expect(table).toContain(`Written to ${out}`);
    expect(
      globSync('**', { cwd: out, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['2025-03-0000.parquet', '2025-03-0000.parquet', 'summary.json']);
  }, 60_000);
});
