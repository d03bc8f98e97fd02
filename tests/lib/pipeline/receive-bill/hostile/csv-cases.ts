import { bill } from '../small-bill.ts';
import { badCell, badFile, type End, type HostileCase, marchRows, oneFile } from './hostile-case.ts';

const csv = (hostile: string, body: () => string | Buffer, end: End): HostileCase =>
  oneFile('bill.csv', hostile, body, end);
/** A good row, then one with this change, given as it stands in the file. */
const cell = (hostile: string, change: Parameters<typeof bill>[0][number], end: End): HostileCase =>
  csv(hostile, () => bill([{}, change]), end);

const HEADER = bill([]).trim();
const GOOD_ROW = bill([{}]).split('\n')[1] ?? '';
const deep = (depth: number) => `"${'{""a"":'.repeat(depth)}1${'}'.repeat(depth)}"`;
const withColumns = (count: number, name: (at: number) => string, value: string) => {
  const extra = Array.from({ length: count - HEADER.split(',').length }, (_, at) => at);
  return `${HEADER},${extra.map(name).join(',')}\n${GOOD_ROW},${extra.map(() => value).join(',')}\n`;
};
const withColumn = (name: string, value: string) => `${HEADER},${name}\n${GOOD_ROW},${value}\n`;
const padded = (from: number) => 'x'.repeat(from);

/** Numbers as spreadsheets, locales, floats and attackers write them. */
export const NUMBER_CASES: readonly HostileCase[] = [
  cell('a decimal comma in quotes', { BilledCost: '"1,5"' }, badCell('BilledCost', '1,5')),
  cell('a decimal comma without quotes', { BilledCost: '1,5' }, badFile('Line: 3')),
  cell('NaN for a cost', { EffectiveCost: 'NaN' }, badCell('EffectiveCost', 'NaN')),
  cell('Infinity for a cost', { ListCost: 'Infinity' }, badCell('ListCost', 'Infinity')),
  cell('-inf for a cost', { ContractedCost: '-inf' }, badCell('ContractedCost', '-inf')),
  cell('NaN for a quantity', { PricingQuantity: 'NaN' }, badCell('PricingQuantity', 'NaN')),
  cell('thousands separators', { BilledCost: '"1,234.50"' }, badCell('BilledCost', '1,234.50')),
  cell('underscores between digits', { BilledCost: '1_000' }, badCell('BilledCost', '1_000')),
  cell('a currency sign', { BilledCost: '$1.25' }, badCell('BilledCost', '$1.25')),
  cell('an accountant’s negative', { BilledCost: '(1.25)' }, badCell('BilledCost', '(1.25)')),
  cell('a sign behind', { BilledCost: '1.25-' }, badCell('BilledCost', '1.25-')),
  cell('two signs', { BilledCost: '--1' }, badCell('BilledCost', '--1')),
  cell('a point alone', { BilledCost: '.' }, badCell('BilledCost', '.')),
  cell('an exponent alone', { BilledCost: 'e5' }, badCell('BilledCost', 'e5')),
  cell('an exponent of four digits', { BilledCost: '1e1000' }, badCell('BilledCost', '1e1000')),
  cell('an exponent beyond every type', { BilledCost: '1e-99' }, badCell('BilledCost', '1e-99')),
  cell('Arabic digits', { BilledCost: '١٢' }, badCell('BilledCost', '١٢')),
  cell('full-width digits', { BilledCost: '１２' }, badCell('BilledCost', '１２')),
  cell('a no-break space', { BilledCost: '1\u00a0000' }, badCell('BilledCost', '1\u00a0000')),
  cell('a line break behind the number', { BilledCost: '"1.25\n"' }, badCell('BilledCost', '1.25\n')),
  cell('a formula', { BilledCost: '"=1+1"' }, badCell('BilledCost', '=1+1')),
  cell('forty digits', { BilledCost: '1'.repeat(40) }, badCell('BilledCost', '1'.repeat(40))),
  cell(
    'a million digits',
    { BilledCost: '0.'.concat('1'.repeat(1_000_000)) },
    badCell('BilledCost', `0.${'1'.repeat(198)}`),
  ),
  cell('negative zero (legal: it is zero)', { BilledCost: '-0.00' }, marchRows(2, '1.25')),
  cell(
    'forty decimals of next to nothing (legal: added exactly)',
    { BilledCost: `0.${'0'.repeat(39)}1` },
    marchRows(2, `1.25${'0'.repeat(37)}1`),
  ),
  cell('a huge credit (legal)', { BilledCost: '-9999999999999999' }, marchRows(2, '-9999999999999997.75')),
];

/** Ids, currencies, times and tags that are not what their columns hold. */
export const VALUE_CASES: readonly HostileCase[] = [
  cell(
    'an account id that a spreadsheet rounded',
    { SubAccountId: '1.23457E+11' },
    badCell('SubAccountId', '1.23457E+11'),
  ),
  cell('a rounded id with a decimal comma', { SubAccountId: '"1,23457E+11"' }, badCell('SubAccountId', '1,23457E+11')),
  cell(
    'an account id that went through a float',
    { SubAccountId: '111122223333.0' },
    badCell('SubAccountId', '111122223333.0'),
  ),
  cell(
    'a change of currency in mid-file (legal: each is added up by itself)',
    { BillingCurrency: 'EUR' },
    {
      reads: { currencies: ['EUR', 'USD'] },
      billed: '2.5',
    },
  ),
  cell('a currency that is not there', { BillingCurrency: '' }, badCell('BillingCurrency', '')),
  cell('a currency in small letters', { BillingCurrency: 'usd' }, badCell('BillingCurrency', 'usd')),
  cell('a currency’s sign', { BillingCurrency: '€' }, badCell('BillingCurrency', '€')),
  cell('a currency’s name', { BillingCurrency: 'US Dollar' }, badCell('BillingCurrency', 'US Dollar')),
  cell('a day that does not exist', { ChargePeriodStart: '2025-02-30' }, badCell('ChargePeriodStart', '2025-02-30')),
  cell('a thirteenth month', { BillingPeriodStart: '2025-13-01' }, badCell('BillingPeriodStart', '2025-13-01')),
  cell(
    'a twenty-fifth hour',
    { ChargePeriodStart: '2025-03-05T25:00:00Z' },
    badCell('ChargePeriodStart', '2025-03-05T25:00:00Z'),
  ),
  ...['+99:00', '-14:01', '+15', '+01:60', '+00:99'].map((offset) =>
    cell(
      `an offset that no place of the world has: ${offset}`,
      { ChargePeriodStart: `2025-03-05T12:00:00${offset}` },
      badCell('ChargePeriodStart', `2025-03-05T12:00:00${offset}`),
    ),
  ),
  cell('a spreadsheet’s serial day', { ChargePeriodStart: '45721' }, badCell('ChargePeriodStart', '45721')),
  cell(
    'a bill of the year 1',
    { BillingPeriodStart: '0001-01-01T00:00:00Z' },
    badCell('BillingPeriodStart', '0001-01-01T00:00:00Z'),
  ),
  cell(
    'a charge in the year 1',
    { ChargePeriodStart: '0001-01-01T00:00:00Z' },
    badCell('ChargePeriodStart', '0001-01-01T00:00:00Z'),
  ),
  cell(
    'a charge in the year 9999',
    { ChargePeriodStart: '9999-12-31T23:59:59Z' },
    badCell('ChargePeriodStart', '9999-12-31T23:59:59Z'),
  ),
  csv(
    'a charge period that ends before it starts',
    () => withColumn('ChargePeriodEnd', '2025-03-04T00:00:00Z'),
    badCell('ChargePeriodEnd', '2025-03-04T00:00:00Z', 1),
  ),
  csv(
    'the widest offset there is, of Kiritimati (legal)',
    () => withColumn('ChargePeriodEnd', '2025-03-07T14:00:00+14:00'),
    marchRows(1, '1.25'),
  ),
  csv(
    'a charge period of no length (legal: a moment)',
    () => withColumn('ChargePeriodEnd', '2025-03-05'),
    marchRows(1, '1.25'),
  ),
  csv(
    'a billing period that ends before it starts',
    () => withColumn('BillingPeriodEnd', '2025-02-01'),
    badCell('BillingPeriodEnd', '2025-02-01', 1),
  ),
  cell('tags that are no JSON', { Tags: 'env:prod' }, badCell('Tags', 'env:prod')),
  cell('tags that are a list', { Tags: '"[1]"' }, badCell('Tags', '[1]')),
  cell('tags that are cut off', { Tags: '"{""a"":""b"' }, badCell('Tags', '{"a":"b')),
  cell(
    'tags nested ten thousand deep (legal: the value is kept as its text)',
    { Tags: deep(10_000) },
    marchRows(2, '2.5'),
  ),
  cell(
    'a hundred thousand tags',
    { Tags: `"{${Array.from({ length: 100_000 }, (_, at) => `""k${at}"":1`).join(',')}}"` },
    { refused: 'value_unreadable', details: { row: 2, column: 'Tags' } },
  ),
  cell(
    'a tag of 1 MB',
    { Tags: `"{""a"":""${padded(1_000_000)}""}"` },
    { refused: 'value_unreadable', details: { row: 2, column: 'Tags' } },
  ),
  cell(
    'a key that stands twice in the tags (legal JSON: the last one counts)',
    { Tags: '"{""a"":1,""a"":2}"' },
    marchRows(2, '2.5'),
  ),
  cell('a cell of 10 MB', { ChargeDescription: padded(10_000_000) }, badFile('longer than 2097152 bytes')),
  cell(
    'a cell of 1 MB',
    { ChargeDescription: padded(1_000_000) },
    { refused: 'value_unreadable', details: { row: 2, column: 'ChargeDescription' } },
  ),
];

/** Text that is no CSV, or another one than it seems. */
export const TEXT_CASES: readonly HostileCase[] = [
  csv('a file of no bytes', () => '', badFile('it is empty')),
  csv('a file of spaces only', () => ' '.repeat(1000), badFile('no name')),
  csv('a file of line breaks only', () => '\n'.repeat(1000), badFile('no name')),
  csv('a byte order mark only', () => '\ufeff', badFile('no name')),
  csv('a header only', () => `${HEADER}\n`, badFile('it has no rows')),
  csv('a header without a line break', () => HEADER, badFile('it has no rows')),
  csv('UTF-16 with its mark', () => Buffer.from(`\ufeff${bill([{}])}`, 'utf16le'), badFile('it is not UTF-8')),
  csv('UTF-16 without its mark', () => Buffer.from(bill([{}]), 'utf16le'), badFile('U+0000')),
  csv(
    'UTF-16, the greater byte first',
    () => Buffer.from(`\ufeff${bill([{}])}`, 'utf16le').swap16(),
    badFile('it is not UTF-8'),
  ),
  csv('Latin 1', () => Buffer.from(bill([{ ChargeDescription: 'café' }]), 'latin1'), badFile('not utf-8')),
  csv(
    'a header in Latin 1',
    () => Buffer.from(bill([{}]).replace('Tags', 'Täg'), 'latin1'),
    badFile('its header is not UTF-8'),
  ),
  csv(
    'bytes that UTF-8 writes longer than it may',
    () => Buffer.from(bill([{ ChargeDescription: '\u00c0\u00af' }]), 'latin1'),
    badFile('not utf-8'),
  ),
  csv(
    'half of a surrogate pair',
    () =>
      Buffer.concat([
        Buffer.from(bill([])),
        Buffer.from(GOOD_ROW.replace('a charge', '@'))
          .toString('latin1')
          .split('@')
          .map((part) => Buffer.from(part, 'latin1'))
          .reduce((one, other) => Buffer.concat([one, Buffer.from([0xed, 0xa0, 0x80]), other])),
      ]),
    badFile('not utf-8'),
  ),
  cell('U+0000 in a cell', { ChargeDescription: 'a\u0000b' }, badCell('ChargeDescription', 'a\u0000b')),
  csv('U+0000 in the header', () => bill([{}]).replace('Tags', 'Ta\u0000gs'), badFile('U+0000')),
  csv('a million bytes of U+0000', () => Buffer.alloc(1_000_000), badFile('U+0000')),
  csv(
    'lone carriage returns for line breaks (legal)',
    () => bill([{}, {}]).replaceAll('\n', '\r'),
    marchRows(2, '2.5'),
  ),
  csv('both kinds of line breaks in one file', () => bill([{}, {}, {}]).replace('\n', '\r\n'), badFile('CSV')),
  csv(
    'two files behind one another, with their marks',
    () => `\ufeff${bill([{}])}\ufeff${bill([{}])}`,
    badCell('BilledCost', '\ufeffBilledCost'),
  ),
  csv(
    'a mark in the middle of a text (legal: it is text)',
    () => bill([{ ChargeDescription: 'a\ufeffb' }]),
    marchRows(1, '1.25'),
  ),
  csv('a quote that is never closed', () => bill([{}, { ChargeDescription: '"open' }, {}]), badFile('quote')),
  csv(
    'a quote that is never closed in 20 MB',
    () => bill([{ ChargeDescription: '"open' }, ...Array<object>(180_000).fill({})]),
    badFile('quote'),
  ),
  csv(
    'quotes inside a bare cell (legal: they are text)',
    () => bill([{ ChargeDescription: 'a "b" c' }, {}]),
    marchRows(2, '2.5'),
  ),
  csv('text behind a closing quote', () => bill([{ ChargeDescription: '"a" b' }, {}]), badFile('Line: 2')),
  csv('too few cells', () => `${bill([{}])}1,2\n`, badFile('Line: 3')),
  csv('too many cells', () => `${bill([{}])}${GOOD_ROW},7\n`, badFile('Line: 3')),
  csv('semicolons', () => bill([{}]).replaceAll(',', ';'), {
    refused: 'unknown_format',
    details: { file: 'acme/bill.csv' },
  }),
  csv('a cut-off last record', () => bill([{}, {}]).slice(0, -30), badFile('Line: 3')),
  csv('a million short rows of garbage', () => `${HEADER}\n${'x\n'.repeat(1_000_000)}`, badFile('Line: 2')),
  csv('a million rows of good shape and bad values', () => `${HEADER}\n${`${'x,'.repeat(13)}x\n`.repeat(1_000_000)}`, {
    refused: 'value_unreadable',
    details: { file: 'acme/bill.csv', row: 1 },
  }),
  csv(
    'one bad cost behind 300,000 good rows',
    () => `${HEADER}\n${`${GOOD_ROW}\n`.repeat(300_000)}${GOOD_ROW.replace('1.25', '1.2.5')}\n`,
    badCell('BilledCost', '1.2.5', 300_001),
  ),
  csv('60,000 columns', () => withColumns(60_000, (at) => `x_${at}`, 'v'), {
    refused: 'too_many_columns',
    details: { file: 'acme/bill.csv', columns: 60_000 },
  }),
  csv('four hundred columns (legal)', () => withColumns(400, (at) => `x_${at}`, 'v'), marchRows(1, '1.25')),
  csv('a thousand columns (legal)', () => withColumns(1000, (at) => `x_${at}`, 'v'), marchRows(1, '1.25')),
  csv(
    'eight thousand rows of a thousand columns, in a worker of 512 MB',
    () => {
      const [header = '', row = ''] = withColumns(1000, (at) => `x_${at}`, 'v').split('\n');
      return `${header}\n${`${row}\n`.repeat(8000)}`;
    },
    { refused: 'worker_memory_exceeded', details: { file: 'acme/bill.csv' } },
  ),
  csv('a header of 2 MB in one name', () => `${HEADER},${padded(2_000_000)}\n${GOOD_ROW},v\n`, badFile('header')),
  csv(
    'a name that stands twice',
    () => bill([{}]).replace('ListCost', 'BilledCost'),
    badFile('BilledCost is there twice'),
  ),
  csv(
    'a name that stands twice in other letters',
    () => bill([{}]).replace('ListCost', 'billedCOST'),
    badFile('billedCOST is there twice'),
  ),
  csv('a column without a name', () => bill([{}]).replace('Tags', ''), badFile('has no name')),
  csv(
    'columns called as ours are (legal: nobody reads them)',
    () => withColumns(18, (at) => ['x_SourceFile', 'x_sourcerow', 'row_of_file', 'bad_0'][at] ?? '', '9'),
    marchRows(1, '1.25'),
  ),
  csv(
    'names that would be SQL (legal: they are names)',
    () => withColumns(16, (at) => ['"a"" FROM x; DROP TABLE y --"', "'); COPY x TO 'y"][at] ?? '', 'v'),
    marchRows(1, '1.25'),
  ),
  csv('a bill of another kind', () => 'identity_line_item_id,bill_bill_type\n1,Anniversary\n', {
    refused: 'unknown_format',
    details: { file: 'acme/bill.csv' },
  }),
  csv('a web page', () => '<!DOCTYPE html>\n<html><body>403, Forbidden</body></html>\n', {
    refused: 'unknown_format',
    details: { file: 'acme/bill.csv' },
  }),
  csv(
    'twenty records of 10 MB',
    () => bill(Array<object>(20).fill({ ChargeDescription: padded(10_000_000) })),
    badFile('longer than 2097152 bytes'),
  ),
  csv(
    'a record of 40 MB',
    () => bill([{}, { ChargeDescription: padded(40_000_000) }]),
    badFile('record 2 is longer than 2097152 bytes'),
  ),
];
