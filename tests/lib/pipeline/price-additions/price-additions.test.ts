import { describe, expect, test } from 'vitest';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { NO_HISTORY } from '../../../../lib/domain/config-history.ts';
import { CUSTOMER_CHARGES_COLUMNS, WATERFALL_COLUMNS } from '../../../../lib/focus/result-columns.ts';
import { MARCH, pricingAdditions } from './pricing-additions.ts';

const CONTOSO = 'cus_contoso00000';
const FABRIKAM = 'cus_fabrikam0000';
const FEE = {
  type: 'charge',
  name: "O'Brien's fee",
  amount: '300.000000000001',
  serviceName: 'Acme Managed Services',
  frequency: 'monthly',
};
const SETUP = {
  type: 'charge',
  name: 'Setup',
  amount: '50',
  serviceName: 'Acme Managed Services',
  startDate: '2025-03-31',
  customers: [CONTOSO],
  category: 'Project',
  subCategory: 'Onboarding',
};

describe('The additions of a period', () => {
  const open = pricingAdditions();

  test('are rows of each customer in scope, rows of its own or none, with all four costs the amount', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['USD']);
    bills.setRules(FEE, SETUP);
    expect(await bills.price()).toEqual({ period: MARCH, outcome: 'published' });
    const [charges, waterfall] = [
      await bills.published('customer_charges', CONTOSO),
      await bills.published('waterfall', CONTOSO),
    ];
    expect(charges).toHaveLength(2);
    expect(charges?.find(({ ChargeDescription }) => ChargeDescription === "O'Brien's fee")).toMatchObject({
      BilledCost: '300.000000000001000000',
      EffectiveCost: '300.000000000001000000',
      ListCost: '300.000000000001000000',
      ContractedCost: '300.000000000001000000',
      BillingAccountId: CONTOSO,
      BillingAccountName: 'Contoso',
      BillingCurrency: 'USD',
      PricingCurrency: 'USD',
      PricingCurrencyEffectiveCost: '300.000000000001000000',
      ChargeCategory: 'Adjustment',
      ChargeFrequency: 'Recurring',
      BillingPeriodStart: '2025-03-01 00:00:00',
      BillingPeriodEnd: '2025-04-01 00:00:00',
      ChargePeriodStart: '2025-03-01 00:00:00',
      ChargePeriodEnd: '2025-04-01 00:00:00',
      ServiceName: 'Acme Managed Services',
      ServiceCategory: 'Management and Governance',
      PublisherName: 'Acme Cloud',
      ProviderName: 'Acme Cloud',
      InvoiceIssuerName: 'Acme Cloud',
      SkuId: null,
      SkuPriceId: null,
      ListUnitPrice: null,
      ContractedUnitPrice: null,
      PricingQuantity: null,
      Tags: '{"category":"MSP Fee"}',
    });
    expect(charges?.find(({ ChargeDescription }) => ChargeDescription === 'Setup')).toMatchObject({
      ChargeFrequency: 'One-Time',
      ChargePeriodStart: '2025-03-31 00:00:00',
      ChargePeriodEnd: '2025-04-01 00:00:00',
      Tags: '{"category":"Project","subCategory":"Onboarding"}',
    });
    expect(waterfall).toHaveLength(2);
    expect(waterfall?.find(({ x_BillingRuleName }) => x_BillingRuleName === 'Setup')).toMatchObject({
      x_Stage: 'addition',
      x_BillingRuleId: 'rul_000000000002',
      x_BillingRuleVersion: '2',
      x_Applied: 'true',
      x_BilledCostDelta: '50.000000000000000000',
    });
    expect((await bills.published('customer_charges', FABRIKAM))?.map(({ BilledCost }) => BilledCost)).toEqual([
      '300.000000000001000000',
    ]);
    expect(await bills.summary()).toEqual([
      {
        period: '2025-03',
        currency: 'USD',
        customers: [
          {
            name: 'Contoso',
            rows: 2,
            BilledCost: '350.000000000001',
            EffectiveCost: '350.000000000001',
            ListCost: '350.000000000001',
            ContractedCost: '350.000000000001',
            rules: [
              { name: "O'Brien's fee", rows: 1, delta: costs('300.000000000001') },
              { name: 'Setup', rows: 1, delta: costs('50') },
            ],
          },
          {
            name: 'Fabrikam',
            rows: 1,
            ...costs('300.000000000001'),
            rules: [{ name: "O'Brien's fee", rows: 1, delta: costs('300.000000000001') }],
          },
        ],
      },
    ]);
  });

  test('have the columns and types of the ledger and of the waterfall', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['USD']);
    bills.setRules(FEE);
    await bills.price();
    const pointer = await bills.additions.find(MARCH);
    const database = await openDuckdb({ folder: bills.folder, memoryMegabytes: 300, threads: 1 });
    const described = async (key: string) => {
      const rows = await database.rows(
        `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('${bills.s3.objects.find('lake', key)?.path}'))`,
      );
      return rows.map(({ column_name, column_type }) => [
        column_name,
        column_type === 'VARCHAR' ? 'string' : column_type?.toLowerCase().replace('integer', 'int'),
      ]);
    };
    expect(await described(`results/customer=${CONTOSO}/period=2025-03/${pointer?.uuid}/0.parquet`)).toEqual(
      Object.entries(CUSTOMER_CHARGES_COLUMNS),
    );
    expect(await described(`partner/waterfall/customer=${CONTOSO}/period=2025-03/${pointer?.uuid}/0.parquet`)).toEqual(
      Object.entries(WATERFALL_COLUMNS),
    );
    database.close();
  });

  test('are not priced before anything of the period is published', async () => {
    const bills = await open();
    bills.setRules(FEE);
    expect(await bills.price()).toEqual({ period: MARCH, outcome: 'nothing_published' });
    expect(await bills.additions.find(MARCH)).toBeUndefined();
  });

  test('asked for twice are booked once, under the same row ids when priced anew', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['USD']);
    bills.setRules(FEE);
    await bills.price();
    const before = await bills.published('customer_charges', CONTOSO);
    expect(await bills.price()).toEqual({ period: MARCH, outcome: 'unchanged' });
    await bills.publishRun('other', ['USD']);
    expect(await bills.price()).toEqual({ period: MARCH, outcome: 'published' });
    expect(await bills.published('customer_charges', CONTOSO)).toEqual(before);
    expect(await bills.additions.find(MARCH)).toMatchObject({
      number: 2,
      sources: [{ integrationId: 'acme' }, { integrationId: 'other' }],
    });
  });

  test('of a customer that has none any more are taken off the lists', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['USD']);
    bills.setRules(FEE);
    await bills.price();
    bills.setRules({ ...FEE, customers: [CONTOSO] });
    await bills.price();
    expect(await bills.published('customer_charges', FABRIKAM)).toBeUndefined();
    expect(await bills.published('waterfall', FABRIKAM)).toBeUndefined();
    expect(await bills.published('customer_charges', CONTOSO)).toHaveLength(1);
    bills.setRules({ ...FEE, enabled: false });
    await bills.price();
    expect(await bills.published('customer_charges', CONTOSO)).toBeUndefined();
    expect(await bills.summary()).toEqual([]);
  });

  test('are in the charge’s currency, else the partner’s, else the only one of the bills', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['EUR']);
    bills.config = { ...bills.config, settings: { ...bills.config.settings, currency: null } };
    bills.setRules({ ...FEE, currency: 'CHF' }, FEE);
    await bills.price();
    expect((await bills.summary()).map(({ currency }: { currency: string }) => currency)).toEqual(['CHF', 'EUR']);
    await bills.publishRun('other', ['EUR', 'USD']);
    await bills.price();
    expect((await bills.summary()).map(({ currency }: { currency: string }) => currency)).toEqual(['CHF']);
    expect((await bills.additions.find(MARCH))?.reason).toEqual({
      code: 'currency_required',
      details: { currencies: ['EUR', 'USD'] },
    });
    bills.config = { ...bills.config, revision: 99, settings: { ...bills.config.settings, currency: 'USD' } };
    await bills.price();
    expect((await bills.summary()).map(({ currency }: { currency: string }) => currency)).toEqual(['CHF', 'USD']);
    expect((await bills.additions.find(MARCH))?.reason).toBeNull();
  });

  test('are priced again when a run is published while they were, and the overtaken pricing changes nothing', async () => {
    const bills = await open();
    await bills.publishRun('acme', ['USD']);
    bills.setRules(FEE);
    let publishedMeanwhile = false;
    const outcome = await bills.price({
      config: {
        history: async () => NO_HISTORY,
        read: async () => {
          const config = bills.config;
          if (!publishedMeanwhile) bills.config = { ...config, revision: config.revision + 1 };
          return config;
        },
      },
      freshUuid: () => {
        if (!publishedMeanwhile) {
          publishedMeanwhile = true;
          return 'overtaken';
        }
        return 'second';
      },
      additions: {
        ...bills.additions,
        publish: async (next) => {
          if (next.uuid === 'overtaken') await bills.publishRun('acme', ['USD']);
          return await bills.additions.publish(next);
        },
      },
    });
    expect(outcome.outcome).toBe('published');
    expect(await bills.additions.find(MARCH)).toMatchObject({ uuid: 'second', number: 1 });
    const list = await bills.lake.readText(
      `published/customer_charges/customer=${CONTOSO}/period=2025-03/additions.txt`,
    );
    expect(list?.text).toBe(`s3://lake/results/customer=${CONTOSO}/period=2025-03/second/0.parquet\n`);
  });
});

function costs(amount: string) {
  return { BilledCost: amount, EffectiveCost: amount, ListCost: amount, ContractedCost: amount };
}
