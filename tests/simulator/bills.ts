import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** A file of a delivery, below its integration's folder. */
export interface DeliveredFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is delivered: the content of a bill, whatever it is named when it lands. */
export interface Content {
  readonly name: string;
  readonly periods: readonly string[];
  readonly files: readonly DeliveredFile[];
}

/** The integration whose bills are bare files, and the one that has manifests of AWS Data Exports. */
export const FILES = 'acme';
export const EXPORTS = 'globex';

interface Row {
  readonly account: string;
  readonly day: string;
  readonly cost: string;
  readonly list: string;
  readonly service: string;
  readonly category?: string;
  readonly month?: string;
}

const HEADER =
  'BilledCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ContractedCost,EffectiveCost,ListCost,PricingQuantity,ProviderName,ServiceName,SubAccountId,SubAccountName,ChargeDescription,Tags';

function csv(rows: readonly Row[]): string {
  const lines = rows.map(({ account, day, cost, list, service, category = 'Usage', month = '2025-03' }) =>
    [
      ...[cost, 'USD', `${month}-01T00:00:00Z`, category, `${month}-${day}T00:00:00Z`, cost, cost, list, '1', 'AWS'],
      ...[service, account, `name of ${account}`, 'a charge', '{}'],
    ].join(','),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

const ONE = '111111111111';
const TWO = '222222222222';
const THREE = '333333333333';

const MARCH: readonly Row[] = [
  { account: ONE, day: '03', cost: '10.25', list: '12', service: 'Compute' },
  { account: ONE, day: '20', cost: '0.000000000001', list: '1', service: 'Storage' },
  { account: ONE, day: '20', cost: '-3', list: '-3', service: 'Compute', category: 'Credit' },
  { account: TWO, day: '05', cost: '7', list: '9.5', service: 'Compute' },
  { account: TWO, day: '05', cost: '7', list: '9.5', service: 'Compute' },
  { account: THREE, day: '28', cost: '1.5', list: '1.5', service: 'Storage' },
];
const CORRECTED: readonly Row[] = [
  ...MARCH.slice(0, 4),
  { account: TWO, day: '06', cost: '8.125', list: '9.5', service: 'Compute' },
  { account: THREE, day: '28', cost: '2.5', list: '2.5', service: 'Storage' },
  { account: THREE, day: '29', cost: '4', list: '4', service: 'Storage' },
];
const TWO_MONTHS: readonly Row[] = [
  ...MARCH.slice(2),
  { account: ONE, day: '11', cost: '100', list: '110', service: 'Compute', month: '2025-02' },
  { account: TWO, day: '12', cost: '50', list: '60', service: 'Compute', month: '2025-02' },
];

/** The bills that sequences deliver: few, so that what a worker makes of one is remembered. */
export interface Bills {
  readonly files: readonly [Content, ...Content[]];
  /** The same bare bills under another name: where the first is wanted, a second one that nobody announced. */
  readonly secondFiles: readonly [Content, ...Content[]];
  readonly exports: readonly [Content, ...Content[]];
}

/** Makes the bills; Parquet ones by DuckDB, with every column as text. */
export async function makeBills(folder: string): Promise<Bills> {
  mkdirSync(folder, { recursive: true });
  const bareBills = (file: string): [Content, ...Content[]] => {
    const bare = (name: string, rows: readonly Row[], periods: readonly string[]): Content => ({
      name,
      periods,
      files: [{ name: file, bytes: Buffer.from(csv(rows)) }],
    });
    return [
      bare('march', MARCH, ['2025-03']),
      bare('corrected', CORRECTED, ['2025-03']),
      bare('two months', TWO_MONTHS, ['2025-02', '2025-03']),
    ];
  };
  const parquet = async (name: string, parts: readonly (readonly Row[])[]): Promise<Content> => ({
    name,
    periods: ['2025-03'],
    files: await Promise.all(
      parts.map(async (rows, part) => ({
        name: `${part}.parquet`,
        bytes: await asParquet(csv(rows), join(folder, `${name}-${part}`)),
      })),
    ),
  });
  return {
    files: bareBills('bill.csv'),
    secondFiles: bareBills('second.csv'),
    exports: [
      await parquet('exported', [MARCH.slice(0, 3), MARCH.slice(3)]),
      await parquet('exported again', [CORRECTED.slice(0, 2), CORRECTED.slice(2, 4), CORRECTED.slice(4)]),
    ],
  };
}

async function asParquet(text: string, path: string): Promise<Buffer> {
  writeFileSync(`${path}.csv`, text);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_csv('${path}.csv', all_varchar = true)) TO '${path}.parquet' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return readFileSync(`${path}.parquet`);
}
