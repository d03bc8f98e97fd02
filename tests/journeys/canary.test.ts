import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { FOCUS_COLUMNS } from '../../lib/focus/columns.ts';
import { FILTER_COLUMNS } from '../../lib/focus/filter-columns.ts';
import { billRow } from './bill-row.ts';
import { type BillRow, csvOf } from './csv.ts';
import { openProduct, type Product } from './open-product.ts';
import { parquetRows, type TextRow } from './parquet-rows.ts';

/** Delivered columns that are not in the ledger's closed list: FOCUS 1.3's, a provider's, and names nobody knows. */
const UNLISTED = [
  ...['ServiceProviderName', 'HostProviderName', 'AllocatedMethodId', 'AllocatedResourceId', 'ContractApplied'],
  ...[
    'x_Discount',
    'x_ResellerMargin',
    'x_InvoiceSection',
    'x_CustomerTenantId',
    'x_BillingRuleId',
    'x_Owner',
    'x_RowId',
  ],
  ...['Provider Secret', 'customer', 'period', 'rows'],
];

/** Columns of text that a customer sees as delivered (`pricing.md` §8). */
const KEPT = [
  ...['AvailabilityZone', 'CapacityReservationId', 'CapacityReservationStatus', 'ChargeFrequency', 'ConsumedUnit'],
  ...['PricingCurrency', 'PricingUnit', 'PublisherName', 'RegionId', 'RegionName', 'ResourceId', 'ResourceName'],
  ...['ResourceType', 'ServiceCategory', 'ServiceName', 'ServiceSubcategory', 'SkuId', 'SkuMeter', 'SkuPriceDetails'],
  ...['SkuPriceId', 'SubAccountId', 'SubAccountName', 'SubAccountType', 'Tag'],
];

/** Seen while the provider's price stands; where the list price is charged, there is no commitment to see. */
const OF_COMMITMENT = [
  ...['CommitmentDiscountCategory', 'CommitmentDiscountId', 'CommitmentDiscountName', 'CommitmentDiscountStatus'],
  ...['CommitmentDiscountType', 'CommitmentDiscountUnit', 'PricingCategory'],
];

/** What becomes of each row, and which of its canaries its customer may see. */
const ROWS = {
  untouched: [...KEPT, ...OF_COMMITMENT, 'ChargeDescription'],
  rerated: [...KEPT, ...OF_COMMITMENT],
  atList: KEPT,
  zeroed: [...KEPT, ...OF_COMMITMENT],
  removed: [],
  others: [...KEPT, ...OF_COMMITMENT, 'ChargeDescription'],
} as const satisfies Record<string, readonly string[]>;
type RowName = keyof typeof ROWS;
const NAMES = Object.keys(ROWS) as RowName[];

/** Provider's amounts that no customer of a changed price may find, each with digits of its own. */
const SECRET_AMOUNTS = {
  BilledCost: '41.000000000101',
  EffectiveCost: '42.000000000102',
  ContractedCost: '43.000000000103',
  ContractedUnitPrice: '44.000000000104',
  PricingCurrencyContractedUnitPrice: '45.000000000105',
  PricingCurrencyEffectiveCost: '46.000000000106',
  PricingCurrencyListUnitPrice: '47.000000000107',
  x_ProvidersOwnCost: '48.000000000108',
};

describe('A canary in every delivered column', () => {
  let product: Product;
  let customers: ReadonlyMap<string, string>;

  beforeAll(async () => {
    product = await openProduct();
    const rule = (type: string, row: RowName, others = {}) => ({
      ...{ type, name: `canary-rule-${row}`, startDate: '2025-01-01', customers: 'all', ...others },
      filter: { field: 'RegionId', op: 'in', values: [canary(row, 'RegionId')] },
    });
    customers = await product.configure({
      customers: [
        { name: 'Alder', subAccounts: NAMES.slice(0, -1).map((row) => canary(row, 'SubAccountId')) },
        { name: 'Birch', subAccounts: [canary('others', 'SubAccountId')] },
      ],
      rules: [
        rule('rerate', 'rerated', { base: 'billed_cost', offsetPercent: '10' }),
        rule('adjust_to_list', 'atList'),
        rule('back_out', 'zeroed', { mode: 'zero' }),
        rule('back_out', 'removed'),
      ],
    });
    await product.connect('canaries');
    await product.receive('canaries', 'march.csv', csvOf(NAMES.map(canaries)));
    expect((await product.published()).reconciled).toBe(true);
  }, 120_000);
  afterAll(() => product?.close());

  /** All that lies in the lake under a customer's name and is not the partner's: keys, texts, rows and their metadata. */
  const underPrefixOf = async (customer: string) => {
    const lake = lakeOf(product.machine);
    const keys = (await lake.list('')).map(({ key }) => key);
    const own = keys.filter(
      (key) => key.includes(`customer=${customers.get(customer)}/`) && !key.startsWith('partner/'),
    );
    const rows: TextRow[] = [];
    let rest = own.join('\n');
    for (const [index, key] of own.entries()) {
      if (!key.endsWith('.parquet')) rest += (await lake.readText(key))?.text ?? '';
      else {
        const path = join(product.folder, `${customer}-${index}.parquet`);
        await lake.download(key, path);
        rows.push(...(await parquetRows([path])));
        rest += await metadataOf(path);
      }
    }
    return { rows, rest };
  };
  const rowOf = async (row: RowName) => {
    const { rows } = await underPrefixOf(row === 'others' ? 'Birch' : 'Alder');
    return rows.find(({ RegionId }) => RegionId === canary(row, 'RegionId'));
  };

  test.each(['Alder', 'Birch'])(
    'shows %s only what the closed list lets through, and nothing of another customer',
    async (customer) => {
      const own = NAMES.filter((row) => (customer === 'Birch') === (row === 'others'));
      const { rows, rest } = await underPrefixOf(customer);
      const expected = own.flatMap((row) => ROWS[row].map((column) => canary(row, column)));
      expect(canariesIn(JSON.stringify(rows))).toEqual(expected.sort());
      expect(canariesIn(rest).filter((found) => !expected.includes(found))).toEqual([]);
    },
  );

  test('shows in no column what belongs to another one', async () => {
    for (const row of NAMES.filter((name) => name !== 'removed'))
      for (const [column, value] of Object.entries((await rowOf(row)) ?? {}))
        for (const found of canariesIn(value ?? '')) {
          const isBuilt = column === 'ChargeDescription' && /-(?:SkuMeter|ServiceName)$/.test(found);
          expect(isBuilt || found === canary(row, column === 'Tags' ? 'Tag' : column), `${found} in ${column}`).toBe(
            true,
          );
        }
  });

  test.each(['rerated', 'atList', 'zeroed'] as const)(
    'keeps the provider’s amounts of the %s row to the partner',
    async (row) => {
      const text = JSON.stringify(await rowOf(row));
      for (const [column, amount] of Object.entries(SECRET_AMOUNTS)) expect(text, column).not.toContain(amount);
    },
  );

  test('names the partner and the customer where the provider named itself and the payer', async () => {
    for (const row of NAMES.filter((name) => name !== 'removed')) {
      const customer = row === 'others' ? 'Birch' : 'Alder';
      expect(await rowOf(row)).toMatchObject({
        ProviderName: 'Partner',
        InvoiceIssuerName: 'Partner',
        BillingAccountId: customers.get(customer),
        BillingAccountName: customer,
        InvoiceId: null,
        ChargeClass: null,
      });
    }
  });

  test('shows no row that was backed out', async () => expect(await rowOf('removed')).toBeUndefined());
});

/** A row with a canary in every column that takes text, and with amounts that are known by their digits. */
function canaries(row: RowName): BillRow {
  const texts = Object.entries(FOCUS_COLUMNS).flatMap(([column, type]) =>
    type === 'text' && !['BillingCurrency', 'ChargeCategory'].includes(column) ? [column] : [],
  );
  const columns = [...texts, ...FILTER_COLUMNS, ...UNLISTED];
  return {
    ...billRow(Object.fromEntries(columns.map((column) => [column, canary(row, column)]))),
    ...SECRET_AMOUNTS,
    ListCost: '51.5',
    ListUnitPrice: '52.5',
    PricingQuantity: '53.5',
    ConsumedQuantity: '54.5',
    CommitmentDiscountQuantity: '55.5',
    SkuPriceDetails: JSON.stringify({ key: canary(row, 'SkuPriceDetails') }),
    Tags: JSON.stringify({ team: canary(row, 'Tag'), 'aws:createdBy': canary(row, 'ProvidersTag') }),
  };
}

function canary(row: RowName, column: string): string {
  return `canary-${row}-${column.replaceAll(' ', '')}`;
}

function canariesIn(text: string): string[] {
  return [...new Set(text.match(/canary-\w+-\w+/g))].sort();
}

/** Whatever a Parquet file says beside its rows: key-value metadata, statistics, the writer's name. */
async function metadataOf(path: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const tables = ['parquet_kv_metadata', 'parquet_file_metadata', 'parquet_schema'];
    const answers = await Promise.all(
      tables.map((name) => connection.runAndReadAll(`SELECT CAST(t AS VARCHAR) AS text FROM ${name}('${path}') AS t`)),
    );
    return answers.flatMap((answer) => answer.getRowObjects().map(({ text }) => String(text))).join('\n');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
