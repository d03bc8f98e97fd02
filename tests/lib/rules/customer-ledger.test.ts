import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUSTOMER_CHARGES_COLUMNS } from '../../../lib/focus/result-columns.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { customerLedger, type LedgerIssue } from '../../../lib/rules/customer-ledger.ts';
import { DELIVERED_COLUMNS } from '../../../lib/rules/delivered-columns.ts';
import { CONTOSO, FABRIKAM, openForRules, type RowOfTest } from './delivered-table.ts';
import { amount, price } from './priced.ts';
import { stored } from './stored.ts';

const PAYER = '999988887777';
const UNRULED: Pick<LedgerIssue, 'rules' | 'form'> = {
  rules: [],
  form: { precedence: 'first_match', hasPolicies: false },
};
const issue = {
  ...UNRULED,
  partnerName: "Acme O'Cloud",
  customers: [
    { id: CONTOSO, name: 'Contoso' },
    { id: FABRIKAM, name: 'Fabrikam' },
  ],
};
const costs = { BilledCost: '1', EffectiveCost: '1', ContractedCost: '1', ListCost: '2' };
const rerate = { type: 'rerate', base: 'billed_cost', offsetPercent: '10' };

describe('The customer ledger', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  async function ledger(rows: readonly RowOfTest[], ...rules: readonly Readonly<Record<string, unknown>>[]) {
    const all = stored(...rules);
    await price(database, all, rows);
    await database.run(`CREATE OR REPLACE TABLE ledger AS ${customerLedger({ ...issue, rules: all })}`);
    return await database.rows('SELECT * FROM ledger ORDER BY "x_RowId"');
  }

  test('has exactly its columns and types, then the owner', async () => {
    await ledger([]);
    const hive: Readonly<Record<string, string>> = { VARCHAR: 'string', TIMESTAMP: 'timestamp' };
    const described = await database.rows('SELECT column_name, column_type FROM (DESCRIBE ledger)');
    const { x_Owner, ...columns } = Object.fromEntries(
      described.map(({ column_name, column_type }) => [
        column_name,
        hive[column_type ?? ''] ?? column_type?.toLowerCase(),
      ]),
    );
    expect(columns).toEqual(CUSTOMER_CHARGES_COLUMNS);
    expect(Object.keys(columns)).toEqual(Object.keys(CUSTOMER_CHARGES_COLUMNS));
    expect(x_Owner).toBe('string');
  });

  test('a canary in every delivered column shows where it may and nowhere else', async () => {
    const texts = DELIVERED_COLUMNS.filter((name) => !isTyped(name));
    const canaries = Object.fromEntries(texts.map((name) => [name, `canary ${name}`]));
    const [row] = await ledger(
      [{ ...canaries, ...costs, x_Owner: CONTOSO, Tags: { 'aws:createdBy': 'canary internal', team: 'canary tag' } }],
      {
        ...rerate,
        name: 'canary rule',
      },
    );
    const shown = Object.entries(row ?? {})
      .filter(([, value]) => value?.includes('canary'))
      .map(([name]) => name);
    expect(shown.sort()).toEqual(
      [
        ...[
          'AvailabilityZone',
          'BillingCurrency',
          'CapacityReservationId',
          'CapacityReservationStatus',
          'ChargeCategory',
          'ChargeDescription',
        ],
        ...[
          'ChargeFrequency',
          'CommitmentDiscountCategory',
          'CommitmentDiscountId',
          'CommitmentDiscountName',
          'CommitmentDiscountStatus',
        ],
        ...[
          'CommitmentDiscountType',
          'CommitmentDiscountUnit',
          'ConsumedUnit',
          'PricingCategory',
          'PricingCurrency',
          'PricingUnit',
          'PublisherName',
        ],
        ...[
          'RegionId',
          'RegionName',
          'ResourceId',
          'ResourceName',
          'ResourceType',
          'ServiceCategory',
          'ServiceName',
          'ServiceSubcategory',
          'SkuId',
        ],
        ...[
          'SkuMeter',
          'SkuPriceDetails',
          'SkuPriceId',
          'SubAccountId',
          'SubAccountName',
          'SubAccountType',
          'Tags',
          'x_RowId',
        ],
      ].sort(),
    );
    expect(row?.ChargeDescription).toBe('canary SkuMeter (canary ServiceName)');
    expect(row?.Tags).toBe('{"team":"canary tag"}');
    expect(row).toMatchObject({
      ProviderName: "Acme O'Cloud",
      InvoiceIssuerName: "Acme O'Cloud",
      BillingAccountId: CONTOSO,
      BillingAccountName: 'Contoso',
      BillingAccountType: 'Customer Tenant',
      InvoiceId: null,
      ChargeClass: null,
    });
  });

  test('holds no row that was backed out, is nobody’s or the partner’s own', async () => {
    const rows = [
      { x_RowId: '1', ...costs },
      { x_RowId: '2', ...costs, ServiceName: 'hidden' },
      { x_RowId: '3', ...costs, x_Owner: 'unassigned' },
      { x_RowId: '4', ...costs, x_Owner: 'partner' },
    ];
    const backOut = { type: 'back_out', filter: { field: 'ServiceName', op: 'in', values: ['hidden'] } };
    expect((await ledger(rows, backOut)).map(({ x_RowId }) => x_RowId)).toEqual(['1']);
  });

  test('shows the price that is charged, in the pricing currency too where that is the same', async () => {
    const row = {
      ...costs,
      ContractedUnitPrice: '1',
      ListUnitPrice: '2',
      PricingQuantity: '1',
      PricingCurrencyEffectiveCost: '5',
    };
    const [same, other, unsaid] = await ledger(
      [
        { ...row, x_RowId: '1', PricingCurrency: 'USD' },
        { ...row, x_RowId: '2', PricingCurrency: 'EUR' },
        { ...row, x_RowId: '3' },
      ],
      rerate,
    );
    for (const column of [
      'BilledCost',
      'EffectiveCost',
      'ContractedCost',
      'ContractedUnitPrice',
      'PricingCurrencyEffectiveCost',
      'PricingCurrencyContractedUnitPrice',
    ])
      expect(amount(same, column)).toBe('1.1');
    expect(amount(same, 'PricingCurrencyListUnitPrice')).toBe('2');
    expect(other).toMatchObject({
      PricingCurrencyEffectiveCost: null,
      PricingCurrencyContractedUnitPrice: null,
      PricingCurrencyListUnitPrice: null,
    });
    expect(unsaid).toMatchObject({ PricingCurrency: 'USD' });
    expect(amount(unsaid, 'PricingCurrencyEffectiveCost')).toBe('1.1');
  });

  test('keeps a description whose price did not change and that does not name the payer', async () => {
    const text = { ServiceName: 'EC2', SkuMeter: 'BoxUsage' };
    const rows = [
      { ...costs, ...text, x_RowId: '1', ChargeDescription: '$0.1 per hour' },
      { ...costs, ...text, x_RowId: '2', ChargeDescription: `Fee of ${PAYER}`, BillingAccountId: PAYER },
      { ...costs, x_RowId: '3', SubAccountId: 'priced', ChargeDescription: '$0.1 per hour' },
    ];
    const priced = { ...rerate, filter: { field: 'SubAccountId', op: 'in', values: ['priced'] } };
    expect((await ledger(rows, priced)).map(({ ChargeDescription }) => ChargeDescription)).toEqual([
      '$0.1 per hour',
      'BoxUsage (EC2)',
      'Usage',
    ]);
  });

  test('gives ids that name the payer, or another account’s commitment, an id of its own that stays', async () => {
    const arn = `arn:aws:savingsplans::${PAYER}:savingsplan/1`;
    const others = 'arn:aws:ec2:eu-west-1:222222222222:reserved-instances/2';
    const own = 'arn:aws:ec2:eu-west-1:111111111111:reserved-instances/3';
    const base = { ...costs, BillingAccountId: PAYER, SubAccountId: '111111111111' };
    const rows = [
      { ...base, x_RowId: '1', CommitmentDiscountId: arn, ResourceId: arn },
      { ...base, x_RowId: '2', CommitmentDiscountId: others, ResourceId: 'i-123' },
      { ...base, x_RowId: '3', CommitmentDiscountId: own, CapacityReservationId: arn, ResourceName: own },
      { ...base, x_RowId: '4', CommitmentDiscountId: arn, x_Owner: FABRIKAM },
    ];
    const [plan, foreign, mine, fabrikams] = await ledger(rows);
    expect(plan?.CommitmentDiscountId).toMatch(/^id-[0-9a-f]{32}$/);
    expect(plan?.ResourceId).toBe(plan?.CommitmentDiscountId);
    expect(mine?.CapacityReservationId).toBe(plan?.CommitmentDiscountId);
    expect(foreign?.CommitmentDiscountId).toMatch(/^id-/);
    expect(foreign?.ResourceId).toBe('i-123');
    expect(mine).toMatchObject({ CommitmentDiscountId: own, ResourceName: own });
    expect(fabrikams?.CommitmentDiscountId).not.toBe(plan?.CommitmentDiscountId);
    expect(JSON.stringify(await ledger(rows))).not.toContain(PAYER);
  });

  test('at list price shows no commitment and the category Standard', async () => {
    const used = {
      CommitmentDiscountId: 'ri-1',
      CommitmentDiscountStatus: 'Used',
      CommitmentDiscountQuantity: '1',
      PricingCategory: 'Committed',
    };
    const [row] = await ledger([{ ...costs, ...used }], { type: 'adjust_to_list' });
    expect(row).toMatchObject({
      PricingCategory: 'Standard',
      CommitmentDiscountId: null,
      CommitmentDiscountStatus: null,
      CommitmentDiscountQuantity: null,
    });
    const [kept] = await ledger([{ ...costs, ...used }], rerate);
    expect(kept).toMatchObject({
      PricingCategory: 'Committed',
      CommitmentDiscountId: 'ri-1',
      CommitmentDiscountStatus: 'Used',
    });
  });

  test('fills what FOCUS wants of usage and a provider left out, and says so', async () => {
    const rows = [
      { x_RowId: '1', BilledCost: '-3', ContractedCost: '-3', ListCost: '-4' },
      {
        x_RowId: '2',
        ...costs,
        SkuId: 'sku',
        SkuPriceId: null,
        PricingQuantity: '2',
        PricingUnit: 'Hours',
        PricingCategory: 'Standard',
        ContractedUnitPrice: '0.5',
      },
      {
        x_RowId: '3',
        ...costs,
        SkuId: 'sku',
        SkuPriceId: 'p',
        PricingQuantity: '2',
        PricingUnit: 'Hours',
        PricingCategory: 'Standard',
        ContractedUnitPrice: '0.5',
        ListUnitPrice: '1',
      },
      { x_RowId: '4', ...costs, ChargeCategory: 'Tax' },
    ];
    const [bare, half, whole, tax] = await ledger(rows);
    expect(bare?.x_FilledColumns).toBe(
      'SkuId,SkuPriceId,PricingQuantity,PricingUnit,PricingCategory,ListUnitPrice,ContractedUnitPrice',
    );
    expect(bare).toMatchObject({
      SkuId: 'urn:msp:sku:unknown',
      SkuPriceId: 'urn:msp:sku:unknown',
      PricingUnit: 'Units',
      PricingCategory: 'Other',
    });
    expect(
      ['PricingQuantity', 'ListUnitPrice', 'ContractedUnitPrice', 'ListCost'].map((column) => amount(bare, column)),
    ).toEqual(['-1', '4', '3', '-4']);
    expect(half).toMatchObject({ x_FilledColumns: 'SkuPriceId,ListUnitPrice', SkuPriceId: 'urn:msp:sku:unknown:sku' });
    expect(amount(half, 'ListUnitPrice')).toBe('0.5');
    expect(whole?.x_FilledColumns).toBeNull();
    expect(tax).toMatchObject({ SkuId: null, PricingQuantity: null, x_FilledColumns: null });
  });

  test('survives hostile names of the partner and the customer', async () => {
    await price(database, [], [costs]);
    const name = `'; DROP TABLE priced --\n{{x}}`;
    const [row] = await database.rows(
      customerLedger({ ...UNRULED, partnerName: name, customers: [{ id: CONTOSO, name }] }),
    );
    expect(row).toMatchObject({ ProviderName: name, BillingAccountName: name });
  });
});

/** Columns that hold no text, and the ones that a test sets itself. */
function isTyped(name: string): boolean {
  return /Cost$|UnitPrice$|Quantity$|Period(?:Start|End)$|^Tags$|^x_Owner$/.test(name);
}
