import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getAdditions } from '../../lib/contracts/additions/get-additions.ts';
import { listAssignments } from '../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../lib/contracts/assignments/replace-assignment.ts';
import { closeMonth } from '../../lib/contracts/months/close-month.ts';
import { correctMonth } from '../../lib/contracts/months/correct-month.ts';
import { repriceMonth } from '../../lib/contracts/months/reprice-month.ts';
import { explainRow } from '../../lib/contracts/rows/explain-row.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { deleteRule } from '../../lib/contracts/rules/delete-rule.ts';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { getSettings } from '../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../lib/contracts/settings/update-settings.ts';
import { BillingPeriod } from '../../lib/domain/billing-period.ts';
import { Day } from '../../lib/domain/day.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { COST_COLUMNS } from '../../lib/focus/columns.ts';
import { billRow, costs } from './bill-row.ts';
import { type BillRow, csvOf } from './csv.ts';
import { PATIENT, until } from './deliver-anyhow.ts';
import { exact, plain, sumOf } from './exact.ts';
import { openProduct, type Product } from './open-product.ts';
import type { TextRow } from './parquet-rows.ts';
import { publishedRowsOf } from './published-rows-of.ts';

const MARCH = BillingPeriod.parse('2025-03');
const APRIL = BillingPeriod.parse('2025-04');
const MAY = BillingPeriod.parse('2025-05');
const [ONE, MOVED, OTHER, PAYER] = ['111111111111', '222222222222', '333333333333', '900000000001'];
const KEYS = ['BillingAccountId', 'BillingCurrency', 'SubAccountId', 'ServiceName', 'ChargeCategory'] as const;
const PAST = { startDate: '2025-01-01', customers: 'all' };

/** What holds at first and what holds later: other rules, another owner of a sub account, other policy of commitments. */
const CONFIG = {
  first: {
    rules: [
      { ...PAST, name: 'Ten', type: 'rerate', base: 'billed_cost', offsetPercent: '10' },
      { ...PAST, name: 'Care', type: 'charge', amount: '19.99', frequency: 'monthly', serviceName: 'Acme Services' },
      { ...PAST, name: 'Fee', type: 'percentage_charge', percent: '5', as: 'charge' },
    ],
    owners: [['Contoso', null, null]],
    commitments: { policy: 'pass_through' },
  },
  later: {
    rules: [
      { ...PAST, name: 'No S3', type: 'back_out', mode: 'remove', filter: service('Amazon S3') },
      { ...PAST, name: 'Twenty', type: 'rerate', base: 'billed_cost', offsetPercent: '20' },
      { ...PAST, name: 'Fee', type: 'percentage_charge', percent: '7.5', as: 'charge' },
    ],
    owners: [
      ['Contoso', null, '2025-03-09'],
      ['Fabrikam', '2025-03-10', null],
    ],
    commitments: { policy: 'share', percent: '40' },
  },
} as const;

const PLAN = {
  ...{
    CommitmentDiscountId: 'arn:aws:savingsplans::900000000001:savingsplan/sp-1',
    CommitmentDiscountName: 'One year',
  },
  ...{ CommitmentDiscountCategory: 'Spend', CommitmentDiscountType: 'Savings Plan', PricingCategory: 'Committed' },
};
const S3 = { ServiceName: 'Amazon S3', ServiceCategory: 'Storage', ServiceSubcategory: 'Object Storage' };
const BILL: readonly BillRow[] = [
  row(ONE, '05', '12.345678901234'),
  row(ONE, '06', '7.1', S3),
  row(MOVED, '06', '3.3'),
  row(MOVED, '20', '-2.75', { ChargeCategory: 'Credit' }),
  row(MOVED, '20', '40.000000000001'),
  row(OTHER, '08', '41.99'),
  row(OTHER, '09', '0', { ...PLAN, CommitmentDiscountStatus: 'Used', EffectiveCost: '6', ListCost: '10' }),
  row(PAYER, '09', '0', { ...PLAN, CommitmentDiscountStatus: 'Unused', EffectiveCost: '2' }),
  row(undefined, '05', '3'),
];

describe('a closed month that is corrected', PATIENT, () => {
  let product: Product;
  let ids: ReadonlyMap<string, CustomerId>;
  /** What customers were charged, by what for: at first, and when what holds later held of the open month. */
  let atFirst: Readonly<Record<string, string>>;
  let later: Readonly<Record<string, string>>;

  const ledger = (period: BillingPeriod) =>
    Promise.all(
      [...ids.values()].map((owner) => publishedRowsOf(product.machine, { table: 'customer_charges', owner, period })),
    ).then((rows) => rows.flat());
  const additionsOf = (period: BillingPeriod) =>
    until(`the additions of ${period} are made`, async () => {
      const { body } = await product.api.call(getAdditions, { params: { period } });
      return body.recomputing ? undefined : body.additions;
    });
  const correctionsIn = async (period: BillingPeriod) => {
    await additionsOf(period);
    return (await ledger(period)).filter(({ ChargeClass }) => ChargeClass === 'Correction');
  };
  const settled = async () => {
    await product.published();
    await additionsOf(MARCH);
    return totals(await ledger(MARCH));
  };
  const correct = async () => (await product.api.call(correctMonth, { params: { period: MARCH } })).body;
  const close = (period: BillingPeriod) =>
    until('the month is closed', () => product.api.call(closeMonth, { params: { period } }).catch(() => undefined));
  /** A bill of one row in a month. */
  const receive = (name: string, period: string, after: string) => {
    const bounds = { BillingPeriodStart: `${period}-01T00:00:00Z`, BillingPeriodEnd: `${after}-01T00:00:00Z` };
    const day = { ChargePeriodStart: `${period}-05T00:00:00Z`, ChargePeriodEnd: `${period}-06T00:00:00Z` };
    return product.receive('acme', name, csvOf([billRow({ SubAccountId: ONE, ...costs('1'), ...bounds, ...day })]));
  };
  const become = async (when: keyof typeof CONFIG) => {
    const { rules, owners, commitments } = CONFIG[when];
    const { api } = product;
    for (const { id, version } of (await api.call(listRules)).body.items)
      await api.call(deleteRule, { params: { ruleId: id }, ifMatch: `"${version}"` });
    for (const rule of rules) await api.call(createRule, { body: rule as never });
    const { version } =
      (await api.call(listAssignments)).body.items.find(({ subAccountId }) => subAccountId === MOVED) ?? {};
    await api.call(replaceAssignment, {
      query: { subAccountId: String(MOVED) },
      body: { owners: owners.map(([name, from, to]) => ({ owner: idOf(name), from: day(from), to: day(to) })) },
      ifMatch: `"${version}"`,
    });
    const { body, etag } = await api.call(getSettings);
    const { name, currency, precedence } = body;
    await api.call(updateSettings, { body: { name, currency, precedence, commitments }, ifMatch: etag ?? '' });
  };
  const idOf = (name: string) => ids.get(name) ?? ('' as CustomerId);

  beforeAll(async () => {
    product = await openProduct();
    await product.connect('acme');
    const { rules, commitments } = CONFIG.first;
    ids = await product.configure({
      partner: { name: 'Partner', currency: 'USD', commitments, subAccounts: [PAYER] },
      customers: [
        { name: 'Contoso', subAccounts: [ONE, MOVED] },
        { name: 'Fabrikam', subAccounts: [OTHER] },
      ],
      rules,
    });
    await product.receive('acme', 'march.csv', csvOf(BILL));
    await receive('april.csv', '2025-04', '2025-05');
    atFirst = await settled();
    await become('later');
    later = await settled();
    await become('first');
    expect(await settled()).toEqual(atFirst);
    await close(MARCH);
    await become('later');
  });
  afterAll(() => product.close());

  test('BR-24 CH-24 is charged what later rules, owners and commitments make of it: itself and the next open month together', async () => {
    expect(later).not.toEqual(atFirst);
    expect(await correct()).toMatchObject({ period: MARCH, correctedIn: APRIL });
    const rows = await correctionsIn(APRIL);
    expect(totals(await ledger(MARCH))).toEqual(atFirst);
    expect(totals([...(await ledger(MARCH)), ...rows])).toEqual(later);
    for (const corrected of rows)
      expect(corrected).toMatchObject({
        ...{ BillingPeriodStart: '2025-04-01 00:00:00', ChargePeriodStart: '2025-03-01 00:00:00' },
        ...{ ChargePeriodEnd: '2025-04-01 00:00:00', ChargeFrequency: 'One-Time', InvoiceIssuerName: 'Partner' },
      });
  });

  test('is corrected once, however often that is asked for', async () => {
    const before = await correctionsIn(APRIL);
    await correct();
    expect(sorted(await correctionsIn(APRIL))).toEqual(sorted(before));
  });

  test('says by how much in the additions of the month that carries it, and why in each row', async () => {
    const rows = await correctionsIn(APRIL);
    const customers = (await additionsOf(APRIL)).flatMap((one) => one.customers);
    for (const [name, id] of ids) {
      const own = rows.filter(({ BillingAccountId }) => BillingAccountId === id);
      const corrections = customers.find((one) => one.name === name)?.corrections;
      expect(corrections).toMatchObject([{ period: MARCH, rows: own.length }]);
      for (const cost of COST_COLUMNS)
        expect(corrections?.[0]?.delta[cost]).toBe(sumOf(own.map((one) => String(one[cost]))));
    }
    const removed = rows.find((one) => one.ServiceName === 'Amazon S3');
    const explained = await product.api.call(explainRow, { params: { rowId: String(removed?.x_RowId) } });
    expect(explained.body).toMatchObject({
      ...{ view: 'partner', ownerName: 'Contoso', period: APRIL, integrationId: null },
      steps: [{ stage: 'correction', verdict: 'applied', rule: null, delta: { BilledCost: '-7.81' } }],
      charged: { BilledCost: '-7.81' },
    });
  });

  test('is corrected anew in the month after, once the month that carried its corrections is closed too', async () => {
    const inApril = sorted(await correctionsIn(APRIL));
    await close(APRIL);
    await receive('may.csv', '2025-05', '2025-06');
    await product.published();
    await become('first');
    expect(await correct()).toMatchObject({ correctedIn: MAY });
    await product.published();
    const inMay = await correctionsIn(MAY);
    expect(sorted(await correctionsIn(APRIL))).toEqual(inApril);
    expect(totals([...(await ledger(MARCH)), ...(await correctionsIn(APRIL)), ...inMay])).toEqual(atFirst);
  });

  test('keeps what a closed month carries when a newer bill of that month is priced', async () => {
    const before = sorted(await correctionsIn(APRIL));
    const source = (await ledger(APRIL)).length;
    await product.receive('acme', 'april.csv', csvOf([billRow({ SubAccountId: ONE, ...costs('2'), ...APRILS })]));
    await product.api.call(repriceMonth, { params: { period: APRIL } });
    await product.published();
    expect(sorted(await correctionsIn(APRIL))).toEqual(before);
    expect(await ledger(APRIL)).toHaveLength(source);
  });
});

const APRILS = {
  ...{ BillingPeriodStart: '2025-04-01T00:00:00Z', BillingPeriodEnd: '2025-05-01T00:00:00Z' },
  ...{ ChargePeriodStart: '2025-04-05T00:00:00Z', ChargePeriodEnd: '2025-04-06T00:00:00Z' },
};

function service(name: string) {
  return { field: 'ServiceName', op: 'in', values: [name] };
}

function row(SubAccountId: string | undefined, day: string, cost: string, others: BillRow = {}): BillRow {
  const ChargePeriodStart = `2025-03-${day}T00:00:00Z`;
  const ChargePeriodEnd = `2025-03-${day}T01:00:00Z`;
  return billRow({ SubAccountId, ChargePeriodStart, ChargePeriodEnd, ...costs(cost), ...others });
}

function day(text: string | null): Day | null {
  return text === null ? null : Day.parse(text);
}

/** The four costs by what they are for, without what comes to nothing. */
function totals(rows: readonly TextRow[]): Record<string, string> {
  const byKey = Map.groupBy(rows, (one) => JSON.stringify(KEYS.map((key) => one[key])));
  const sums = [...byKey].map(
    ([key, of]) => [key, COST_COLUMNS.map((cost) => sumOf(of.map((one) => text(one[cost]))))] as const,
  );
  return Object.fromEntries(
    sums
      .filter(([, four]) => four.some((sum) => sum !== '0'))
      .map(([key, four]) => [key, four.join(' ')])
      .sort(),
  );
}

function text(value: TextRow[string] | undefined): string | null {
  return value === null || value === undefined ? null : plain(exact(String(value)));
}

function sorted(rows: readonly TextRow[]): readonly TextRow[] {
  return [...rows].sort((one, other) => (String(one.x_RowId) < String(other.x_RowId) ? -1 : 1));
}
