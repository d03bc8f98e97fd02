import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvOf } from './csv.ts';
import { plain, ZERO } from './exact.ts';
import { parquetRows, type TextRow } from './parquet-rows.ts';
import { CONFIG, CUSTOMERS, RULES } from './row-by-row/config.ts';
import { Charge, COSTS, chargedTwice, deltaIn, expectedSummary } from './row-by-row/expected-summary.ts';
import { cellOf, tagsOf } from './row-by-row/filter-holds.ts';
import { generatedBill, PAYER, SUB_ACCOUNTS } from './row-by-row/generated-bill.ts';
import {
  AMOUNTS,
  NOBODY,
  type Ownership,
  PARTNER,
  type PricedRow,
  priceRow,
  RowRule,
} from './row-by-row/price-rows.ts';
import { type Ended, runSplit } from './run-split.ts';

const BILL = generatedBill(4_000, 20_250_301);
const ROW_RULES = RULES.filter(({ type }) => type !== 'charge').map((rule) => RowRule.parse(rule));
const CHARGES = RULES.filter(({ name }) => ['Onboarding', 'Care, in euro'].includes(name)).map((rule) =>
  Charge.parse(rule),
);
const OWNERSHIPS: readonly Ownership[] = [
  ...CUSTOMERS.flatMap(({ name, subAccounts }) => subAccounts.map((entry) => ({ owner: name, ...longForm(entry) }))),
  { owner: PARTNER, ...longForm(SUB_ACCOUNTS.partners) },
];
const PRICED = BILL.map((row) => priceRow(row, OWNERSHIPS, ROW_RULES));
const FOLDERS = ['alder-sohne', 'birch', 'cedar', 'damson', 'elm', 'fir', 'gorse', 'birch-2'];

/** Kept as delivered, whatever rules do (`pricing.md` §8). */
const KEPT = [
  ...['BillingCurrency', 'ChargeCategory', 'ChargeFrequency', 'ConsumedQuantity', 'ConsumedUnit', 'PricingQuantity'],
  ...['PricingUnit', 'PublisherName', 'RegionId', 'ResourceType', 'ServiceName', 'SkuId', 'SkuMeter', 'SkuPriceId'],
  'SubAccountId',
] as const;

describe('`npm run split` on 4,000 rows, 20 rules and 12 sub accounts, against each row priced by hand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apportion-rows-'));
  const out = join(folder, 'out');
  let ended: Ended;
  let waterfall: readonly TextRow[];

  beforeAll(async () => {
    writeFileSync(join(folder, 'march.csv'), csvOf(BILL));
    writeFileSync(join(folder, 'apportion.yaml'), JSON.stringify(CONFIG));
    ended = await runSplit(
      ...['--bill', join(folder, 'march.csv'), '--config', join(folder, 'apportion.yaml'), '--out', out],
      ...['--json', '--quiet'],
    );
    waterfall = await parquetRows(filesOf('partner/waterfall'));
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const filesOf = (part: string) =>
    globSync(`${part}/*.parquet`, { cwd: out })
      .sort()
      .map((file) => join(out, file));
  const ledgerOf = async (part: string) => {
    const rows = await parquetRows(filesOf(part));
    return new Map(rows.filter(({ ResourceId }) => ResourceId !== null).map((row) => [row.ResourceId ?? '', row]));
  };

  test('the bill is worth the name: each rule and each warning has its rows, in every cloud and owner', () => {
    for (const rule of ROW_RULES.filter(({ enabled, endDate }) => enabled && endDate > '2025-03'))
      expect(PRICED.filter((one) => one.rule === rule).length, rule.name).toBeGreaterThan(5);
    for (const owner of [...CUSTOMERS.map(({ name }) => name).slice(0, -1), PARTNER, NOBODY])
      expect(PRICED.filter((one) => one.owner === owner).length, owner).toBeGreaterThan(50);
    expect(PRICED.filter(({ shadowed }) => shadowed.length > 0).length).toBeGreaterThan(5);
    expect(chargedTwice(PRICED).size).toBeGreaterThan(5);
  });

  test('it ends with 0 and prints summary.json, which holds exactly the figures of the rows', () => {
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const written = readFileSync(join(out, 'summary.json'), 'utf8');
    expect(ended.stdout).toBe(written);
    expect(JSON.parse(written)).toEqual(
      expectedSummary({
        rows: PRICED,
        rules: ROW_RULES,
        charges: CHARGES,
        customers: CUSTOMERS.map(({ name }, index) => ({ name, folder: `customers/${FOLDERS[index]}` })),
      }),
    );
  });

  test('it leaves nothing but the summary, the customers’ ledgers, the waterfall and what nobody owns', () => {
    expect(globSync('*', { cwd: folder }).sort()).toEqual(['apportion.yaml', 'march.csv', 'out']);
    const folders = new Set(globSync('**/*.parquet', { cwd: out }).map((file) => file.replace(/\/[^/]+$/, '')));
    expect([...folders].sort()).toEqual(
      [...FOLDERS.map((name) => `customers/${name}`), 'partner/unassigned', 'partner/waterfall'].sort(),
    );
    expect(globSync('*', { cwd: out }).sort()).toEqual(['customers', 'partner', 'summary.json']);
  });

  test.each(CUSTOMERS.map(({ name }, index) => [name, `customers/${FOLDERS[index]}`] as const))(
    'every row of %s is there once, at the price of its rule',
    async (name, part) => {
      const ledger = await ledgerOf(part);
      const expected = PRICED.filter(({ owner, isRemoved }) => owner === name && !isRemoved);
      expect([...ledger.keys()].sort()).toEqual(expected.map(({ row }) => row.ResourceId).sort());
      for (const priced of expected) expectCharged(ledger.get(priced.row.ResourceId ?? ''), priced);
      expect(JSON.stringify([...ledger.values()])).not.toContain(PAYER);
    },
  );

  test('what nobody owns lies with the partner as it was delivered', async () => {
    const rows = await ledgerOf('partner/unassigned');
    const expected = PRICED.filter(({ owner }) => owner === NOBODY);
    expect([...rows.keys()].sort()).toEqual(expected.map(({ row }) => row.ResourceId).sort());
    for (const { row, delivered } of expected)
      expect(rows.get(row.ResourceId ?? '')).toMatchObject(
        Object.fromEntries(COSTS.map((cost) => [cost, delivered[cost] && plain(delivered[cost])])),
      );
  });

  test('the waterfall has a row per row and rule with its exact delta, for back-outs that came late, and for charges', () => {
    const found = waterfall.map((row) =>
      [
        ...['SubAccountId', 'ServiceName', 'ChargeCategory', 'ChargePeriodStart', 'BillingCurrency', 'x_Stage'],
        ...['x_BillingRuleName', 'x_BillingRuleType', 'x_Applied', 'x_WarningCode'],
        ...COSTS.map((cost) => `x_${cost}Delta`),
      ].map((column) => row[column] ?? null),
    );
    expect(found.map((row) => JSON.stringify(row)).sort()).toEqual(expectedWaterfall().sort());
  });

  test('a waterfall’s row id leads to the row that it explains', async () => {
    const applied = new Map(
      waterfall.filter(({ x_Applied }) => x_Applied === 'true').map((row) => [row.x_RowId, row.x_BillingRuleName]),
    );
    for (const [index, { name }] of CUSTOMERS.entries()) {
      const ledger = await ledgerOf(`customers/${FOLDERS[index]}`);
      for (const { row, rule } of PRICED.filter(({ owner, isRemoved }) => owner === name && !isRemoved))
        expect(applied.get(ledger.get(row.ResourceId ?? '')?.x_RowId ?? null), row.ResourceId).toBe(rule?.name);
    }
  });
});

function expectCharged(
  found: TextRow | undefined,
  { row, charged, delivered, rule, isListPriceMissing }: PricedRow,
): void {
  const filled = found?.x_FilledColumns?.split(',') ?? [];
  for (const amount of AMOUNTS.filter((one) => !filled.includes(one)))
    expect(found?.[amount], `${row.ResourceId} ${amount} under ${rule?.name}`).toBe(
      charged[amount] && plain(charged[amount]),
    );
  for (const column of KEPT.filter((one) => !filled.includes(one)))
    expect(found?.[column] ?? null, `${row.ResourceId} ${column}`).toBe(cellOf(row, column));
  expect(found?.ChargePeriodStart, row.ResourceId).toBe(row.ChargePeriodStart?.replace('T', ' ').replace('Z', ''));
  const isAtList = rule?.type === 'adjust_to_list' && !isListPriceMissing;
  expect(found?.CommitmentDiscountStatus ?? null).toBe(isAtList ? null : cellOf(row, 'CommitmentDiscountStatus'));
  expect(found?.CommitmentDiscountName ?? null).toBe(isAtList ? null : cellOf(row, 'CommitmentDiscountName'));
  if (!filled.includes('PricingCategory'))
    expect(found?.PricingCategory ?? null).toBe(isAtList ? 'Standard' : cellOf(row, 'PricingCategory'));
  const isChanged = AMOUNTS.some((amount) => plain(charged[amount] ?? ZERO) !== plain(delivered[amount] ?? ZERO));
  if (isChanged && cellOf(row, 'SkuMeter') !== null)
    expect(found?.ChargeDescription).toBe(`${row.SkuMeter} (${row.ServiceName})`);
  if (!isChanged) expect(found?.ChargeDescription).toBe(row.ChargeDescription);
  const tags = tagsOf(row);
  expect(found?.Tags ? JSON.parse(found.Tags) : null, row.ResourceId).toEqual(
    tags && Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:'))),
  );
}

function expectedWaterfall(): string[] {
  const twice = chargedTwice(PRICED);
  const ofRows = PRICED.flatMap((priced) => {
    const { row, rule, shadowed, isListPriceMissing } = priced;
    const start = row.ChargePeriodStart?.replace('T', ' ').replace('Z', '');
    const what = [row.SubAccountId, row.ServiceName, row.ChargeCategory, start, row.BillingCurrency, 'rule'];
    const code = isListPriceMissing ? 'list_price_missing' : twice.has(priced) ? 'commitment_charged_twice' : null;
    const late = shadowed.map(({ name, type }) => [
      ...what,
      name,
      type,
      'false',
      'back_out_shadowed',
      '0',
      '0',
      '0',
      '0',
    ]);
    const deltas = COSTS.map((cost) => deltaIn(priced, cost));
    return [...(rule ? [[...what, rule.name, rule.type, 'true', code, ...deltas]] : []), ...late];
  });
  const starts: Readonly<Record<string, string>> = {
    Onboarding: '2025-03-31 00:00:00',
    'Care, in euro': '2025-03-01 00:00:00',
  };
  const ofCharges = CHARGES.flatMap(({ name, amount, currency, customers }) =>
    CUSTOMERS.filter((customer) => customers === 'all' || customers.includes(customer.name)).map(() => [
      ...[null, 'Acme Services', 'Adjustment', starts[name], currency, 'addition', name, 'charge', 'true', null],
      ...[amount, amount, amount, amount],
    ]),
  );
  return [...ofRows, ...ofCharges].map((row) => JSON.stringify(row));
}

function longForm(entry: string | { id: string; from?: string; to?: string; provider?: string }) {
  const { id, from = '0001-01-01', to = '9999-12-31', provider } = typeof entry === 'string' ? { id: entry } : entry;
  return { id, from, to, provider };
}
