import {
  columnAt,
  forgeFooter,
  forgePage,
  listAt,
  parquetOf,
  setNumber,
  structAt,
  type ThriftStruct,
  withFooter,
} from './forge-parquet.ts';
import { badCell, badFile, type End, type HostileCase, marchRows, oneFile } from './hostile-case.ts';

const KEY = 'acme/bill.parquet';
const parquet = (hostile: string, body: () => Promise<Buffer>, end: End): HostileCase =>
  oneFile('bill.parquet', hostile, body, end);
const refused = (saying: string) => badFile(saying, KEY);
const cellOf = (column: string, value: string): End => {
  const end = badCell(column, value, 1);
  return 'refused' in end ? { ...end, details: { ...end.details, file: KEY } } : end;
};

const select = (changed = '', rows = 5) => `SELECT 1.25::DECIMAL(10,2) AS "BilledCost", 'USD' AS "BillingCurrency",
  TIMESTAMP '2025-03-01' AS "BillingPeriodStart", 'Usage' AS "ChargeCategory", TIMESTAMP '2025-03-05' AS "ChargePeriodStart",
  1.25 AS "ContractedCost", 1.25 AS "EffectiveCost", 2.0 AS "ListCost", '111111111111' AS "SubAccountId"${changed} FROM range(${rows})`;
/** BilledCost is column 0, and SubAccountId column 8; its one data page lies last before the footer. */
const forged = (hostile: string, change: (metadata: ThriftStruct) => void, end: End) =>
  parquet(hostile, async () => forgeFooter(await parquetOf(select()), change), end);
const rowGroup = (metadata: ThriftStruct) => structAt(listAt(metadata, 4)[0]);
const claimRows = (metadata: ThriftStruct, rows: bigint, columns: boolean) => {
  setNumber(metadata, 3, rows);
  setNumber(rowGroup(metadata), 3, rows);
  if (columns) for (let column = 0; column < 9; column += 1) setNumber(columnAt(metadata, column), 5, rows);
};
const forgedPage = (hostile: string, dictionary: boolean, change: (header: ThriftStruct) => void, end: End) =>
  parquet(hostile, async () => forgePage(await parquetOf(select()), { column: 0, dictionary }, change), end);
const footerOnly = (footer: Buffer, claimed?: number) => withFooter(Buffer.from('PAR1'), footer, claimed);

/** Parquet files that lie: about their length, their rows, their columns, their pages. */
export const PARQUET_CASES: readonly HostileCase[] = [
  parquet('a good Parquet file (the one that the others forge)', () => parquetOf(select()), marchRows(5, '6.25')),
  parquet(
    'a Parquet file that is cut off',
    async () => (await parquetOf(select())).subarray(0, -100),
    refused('cut off'),
  ),
  parquet(
    'a Parquet file without its beginning',
    async () => (await parquetOf(select())).subarray(10),
    refused('it is no Parquet'),
  ),
  parquet('a magic word and nothing else', async () => Buffer.from('PAR1'), refused('cut off')),
  parquet('a magic word twice over', async () => Buffer.from('PAR1PAR1'), refused('cut off')),
  parquet(
    'an encrypted footer',
    async () => Buffer.from((await parquetOf(select())).toString('latin1').replace(/PAR1$/, 'PARE'), 'latin1'),
    refused('encrypted'),
  ),
  parquet(
    'metadata as long as 4 GB',
    async () => footerOnly(Buffer.alloc(100), 0xffff_fffb),
    refused('longer than the file'),
  ),
  parquet(
    'metadata of 20 MB',
    async () => footerOnly(Buffer.alloc(20 * 1024 * 1024)),
    refused('longer than 16777216 bytes'),
  ),
  parquet('metadata of zeros', async () => footerOnly(Buffer.alloc(1000)), {
    refused: 'unknown_format',
    details: { file: KEY },
  }),
  parquet(
    'metadata of random bytes',
    async () => footerOnly(Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7919 + 13) % 251))),
    refused('metadata is damaged'),
  ),
  parquet(
    'a list of four billion columns',
    async () => footerOnly(Buffer.from([0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f])),
    refused('does not fit'),
  ),
  parquet(
    'a name of two billion bytes',
    async () => footerOnly(Buffer.from([0x15, 2, 0x19, 0x1c, 0x48, 0xff, 0xff, 0xff, 0xff, 0x07, 1])),
    refused('does not fit'),
  ),
  parquet(
    'metadata nested a million deep',
    async () => footerOnly(Buffer.alloc(1_000_000, 0x1c)),
    refused('nested too deep'),
  ),
  parquet(
    '60,000 columns in Parquet',
    async () =>
      forgeFooter(await parquetOf(select()), (metadata) => {
        const schema = listAt(metadata, 2);
        const leaf = schema.at(-1);
        for (let column = 0; column < 60_000 - 9; column += 1)
          schema.push(new Map([...structAt(leaf), [4, { type: 8, value: Buffer.from(`x_${column}`) }]]));
      }),
    { refused: 'too_many_columns', details: { file: KEY, columns: 60_000 } },
  ),
  forged(
    'more rows in the footer than in the row groups',
    (metadata) => setNumber(metadata, 3, 1_000_000n),
    refused('claims 1000000 rows'),
  ),
  forged(
    'fewer rows in the footer than in the row groups',
    (metadata) => setNumber(metadata, 3, 1n),
    refused('claims 1 rows'),
  ),
  forged(
    'more rows than its columns have',
    (metadata) => claimRows(metadata, 50n, false),
    refused('a column of 5 values'),
  ),
  forged(
    'rows and columns that claim more than the pages hold',
    (metadata) => claimRows(metadata, 50n, true),
    refused('pages of 5'),
  ),
  forged(
    'rows and columns that claim less than the pages hold',
    (metadata) => claimRows(metadata, 2n, true),
    refused('pages of 5'),
  ),
  forged('a negative number of rows', (metadata) => claimRows(metadata, -5n, true), refused('row groups of -5')),
  forged(
    'nine quintillion rows',
    (metadata) => claimRows(metadata, 2n ** 63n - 1n, true),
    refused('claims 9223372036854776000 rows in'),
  ),
  forged(
    'a column that begins behind the file',
    (metadata) => {
      setNumber(columnAt(metadata, 0), 9, 1n << 40n);
      columnAt(metadata, 0).delete(11);
    },
    refused('outside of the file'),
  ),
  forged(
    'a column that begins before the file',
    (metadata) => {
      setNumber(columnAt(metadata, 0), 9, -8n);
      columnAt(metadata, 0).delete(11);
    },
    refused('outside of the file'),
  ),
  forged(
    'a column longer than the file',
    (metadata) => setNumber(columnAt(metadata, 0), 7, 1n << 33n),
    refused('outside of the file'),
  ),
  forged(
    'a column of negative length',
    (metadata) => setNumber(columnAt(metadata, 0), 7, -1n),
    refused('outside of the file'),
  ),
  forged(
    'a column that lies in another file',
    (metadata) => structAt(listAt(rowGroup(metadata), 1)[0]).set(1, { type: 8, value: Buffer.from('/etc/passwd') }),
    refused('in another file'),
  ),
  forged(
    'a row group that lacks a column',
    (metadata) => {
      listAt(rowGroup(metadata), 1).pop();
    },
    refused('a row group has 8 columns of 9'),
  ),
  forged(
    'no row groups (legal Parquet, but no bill)',
    (metadata) => {
      setNumber(metadata, 3, 0n);
      listAt(metadata, 4).length = 0;
    },
    refused('it has no rows'),
  ),
  forged('a codec that nobody knows', (metadata) => setNumber(columnAt(metadata, 0), 4, 99n), refused('')),
  forged('a codec that it is not packed with', (metadata) => setNumber(columnAt(metadata, 0), 4, 6n), refused('')),
  forged(
    'a column of another type than its pages',
    (metadata) => {
      setNumber(structAt(listAt(metadata, 2)[9]), 1, 2n);
      setNumber(columnAt(metadata, 8), 1, 2n);
      structAt(listAt(metadata, 2)[9]).delete(6);
      structAt(listAt(metadata, 2)[9]).delete(10);
    },
    refused(''),
  ),
  forgedPage(
    'a page that is longer than its column',
    false,
    (header) => setNumber(header, 3, 1_000_000n),
    refused('a page is longer than its column'),
  ),
  forgedPage(
    'a page of negative length',
    false,
    (header) => setNumber(header, 3, -1n),
    refused('a page is longer than its column'),
  ),
  forgedPage(
    'a page of other values than its column',
    false,
    (header) => setNumber(structAt(header.get(5)?.value), 1, 500n),
    refused('pages of 500'),
  ),
  forgedPage(
    'a page that claims to unpack to 2 GB',
    false,
    (header) => setNumber(header, 2, 2_147_483_647n),
    refused('a page claims to unpack to 2147483647 bytes'),
  ),
  forgedPage(
    'a dictionary of two billion values',
    true,
    (header) => setNumber(structAt(header.get(7)?.value), 1, 2_147_483_647n),
    refused('a dictionary claims 2147483647 values'),
  ),
  parquet(
    'a cost of NaN in Parquet',
    () => parquetOf(select(', 1 AS x').replace(`1.25 AS "EffectiveCost"`, `'nan'::DOUBLE AS "EffectiveCost"`)),
    cellOf('EffectiveCost', 'nan'),
  ),
  parquet(
    'an account id as a float',
    () => parquetOf(select().replace(`'111111111111' AS`, `111111111111.0::DOUBLE AS`)),
    cellOf('SubAccountId', '111111111111.0'),
  ),
  parquet(
    'a time in the year 9999 in Parquet',
    () => parquetOf(select().replace(`TIMESTAMP '2025-03-05'`, `TIMESTAMP '9999-12-31'`)),
    cellOf('ChargePeriodStart', '9999-12-31 00:00:00'),
  ),
  parquet(
    'a name that stands twice in other letters, in Parquet',
    async () =>
      Buffer.from(
        (await parquetOf(select(`, 1 AS "xilledCost"`))).toString('latin1').replaceAll('xilledCost', 'billedCost'),
        'latin1',
      ),
    refused('billedCost is there twice'),
  ),
];
