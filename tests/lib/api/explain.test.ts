import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainRow } from '../../../lib/contracts/rows/explain-row.ts';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { COST_COLUMNS } from '../../../lib/focus/columns.ts';
import type { RowOfTest } from '../rules/delivered-table.ts';
import { openExplainWorld, rowId } from './explained.ts';

type World = Awaited<ReturnType<typeof openExplainWorld>>;

/** A row with the same delivered amount in each of the costs but the list cost. */
function row(number: number, amount: string, more: RowOfTest = {}): RowOfTest {
  const [BilledCost, EffectiveCost, ContractedCost] = [amount, amount, amount];
  return { x_RowId: rowId(number), BilledCost, EffectiveCost, ContractedCost, ListCost: amount, ...more };
}

/** `acceptance.md`, FX1. */
const L1 = row(1, '80', { ServiceName: 'Compute Engine', ListCost: '100', Tags: { env: 'prod', team: 'a' } });
const L3 = row(3, '40', { ServiceName: 'Amazon EC2', ChargeCategory: 'Purchase', x_ChargeType: 'RIFee' });
const COMPUTE = { field: 'ServiceName', op: 'in', values: ['Compute Engine'] };
const LESS_TEN = { name: 'r1', type: 'rerate', base: 'billed_cost', offsetPercent: '-10', filter: COMPUTE };
const PLUS_TWENTY = { name: 'r2', type: 'rerate', base: 'billed_cost', offsetPercent: '20' };

describe('A row explained to the partner', () => {
  let opened: World;
  beforeAll(async () => {
    opened = await openExplainWorld();
  });
  afterAll(() => opened.close());

  let months = 0;
  /** Publishes the rows in a month of their own and explains one of them. */
  const explained = async (bill: Parameters<World['publish']>[0], number: number) => {
    months += 1;
    const period = `2024-${String((months % 12) + 1).padStart(2, '0')}`;
    const integration = `bill-${months}`;
    await opened.publish({ integration, period, ...bill });
    const query = { integrationId: integration };
    const { body } = await opened.api.call(explainRow, { params: { rowId: rowId(number) }, query });
    if (body.view !== 'partner') throw new Error('the partner sees everything');
    for (const cost of COST_COLUMNS) {
      const sum = body.steps.reduce(
        (total, { delta }) => total.plus(delta[cost]),
        new ExactDecimal(body.delivered[cost]),
      );
      expect(sum.eq(body.charged[cost]), `${cost} adds up`).toBe(true);
    }
    return body;
  };
  const verdicts = ({ steps }: Awaited<ReturnType<typeof explained>>) =>
    steps.map(({ rule, verdict, delta }) => `${rule?.name ?? 'policy'} ${verdict} ${delta.BilledCost}`);

  test('BR-22 shows the raw and the modified amount and the rule of the line, and BR-18’s second rule shadowed', async () => {
    const answer = await explained({ rows: [L1, L3], rules: [LESS_TEN, PLUS_TWENTY] }, 1);
    expect(answer).toMatchObject({
      ...{ owner: opened.T1.id, ownerName: 'T1', precedence: 'first_match', inLedger: true },
      delivered: { BilledCost: '80', ListCost: '100' },
      charged: { BilledCost: '72', ListCost: '100' },
    });
    expect(verdicts(answer)).toEqual(['policy not_applied 0', 'r1 applied -8', 'r2 shadowed 0']);
    expect(answer.steps[1]?.rule).toEqual({
      ...{ id: 'rul_000000000001', version: 1, order: 1, name: 'r1', type: 'rerate' },
    });
    expect(answer.steps[2]?.shadowedBy).toBe('rul_000000000001');
    expect(answer.words).toEqual([
      'Delivered: BilledCost 80 USD.',
      'The customer’s commitment policy passes commitments on as delivered.',
      'Rule 1, “r1”: Charges what the provider billed less 10 %, where ServiceName is "Compute Engine"; for all customers, from 2025-01-01 on. Applied: 80 × 0.9; BilledCost is 72.',
      'Rule 2, “r2”: Charges what the provider billed plus 20 %; for all customers, from 2025-01-01 on. Not applied: it would apply, but rule 1, “r1”, comes before it.',
      'Charged: BilledCost 72 USD.',
    ]);
  });

  test.each([
    ['independent', ['r1 applied -8', 'r2 applied 16'], '88', '80 × 1.2; BilledCost is 96.'],
    ['sequential', ['r1 applied -8', 'r2 applied 14.4'], '86.4', '72 × 1.2; BilledCost is 86.4.'],
  ] as const)('says under %s what each rule was given and made', async (precedence, steps, charged, words) => {
    const answer = await explained({ rows: [L1], rules: [LESS_TEN, PLUS_TWENTY], settings: { precedence } }, 1);
    expect(verdicts(answer).slice(1)).toEqual(steps);
    expect(answer.charged.BilledCost).toBe(charged);
    expect(answer.steps[2]?.words).toContain(words);
  });

  test('says of a sequential chain what was rounded between two rules', async () => {
    const rules = [PLUS_TWENTY, { ...PLUS_TWENTY, name: 'r3' }];
    const bill = { rows: [row(1, '0.333333333333')], rules, settings: { precedence: 'sequential' as const } };
    const answer = await explained(bill, 1);
    expect(answer.charged.BilledCost).toBe('0.48');
    expect(answer.steps[2]?.words).toContain('0.4 × 1.2; BilledCost is 0.48.');
  });

  test('BR-20 says of each rule that was not used why: out of date, of another customer, another kind of row', async () => {
    const answer = await explained(
      {
        rows: [row(1, '80', { ChargePeriodStart: '2025-04-01 00:00:00.000' })],
        rules: [
          { ...PLUS_TWENTY, name: 'over', startDate: '2025-03-01', endDate: '2025-03-31' },
          { ...PLUS_TWENTY, name: 'not yet', startDate: '2025-04-02' },
          { ...PLUS_TWENTY, name: 'other', customers: [opened.T2.id] },
          { name: 'credits', type: 'rerate', base: 'absolute_credits', offsetPercent: '10' },
          { ...PLUS_TWENTY, name: 'next' },
        ],
      },
      1,
    );
    expect(verdicts(answer).slice(1)).toEqual([
      ...['over out_of_date 0', 'not yet out_of_date 0', 'other out_of_scope 0', 'credits other_kind_of_row 0'],
      'next applied 16',
    ]);
    const words = answer.steps.map((step) => step.words);
    expect(words[1]).toContain('the charge starts on 2025-04-01, the rule is from 2025-03-01 to 2025-03-31.');
    expect(words[2]).toContain('the charge starts on 2025-04-01, the rule is from 2025-04-02 on.');
    expect(words[3]).toMatch(/for T2, from .* Not applied: not for this customer\.$/);
    expect(words[4]).toContain('rerate leaves such a row alone (ChargeCategory Usage, PricingUnit not given).');
  });

  test('BR-13 names the very test of a filter that failed, and what the row has there', async () => {
    const filter = {
      all: [
        COMPUTE,
        {
          any: [
            { field: 'Tags', key: 'env', op: 'in', values: ['dev'] },
            { field: 'RegionId', op: 'exists' },
          ],
        },
        { not: { field: 'Tags', key: 'team', op: 'startsWith', values: ['a'] } },
      ],
    };
    const answer = await explained({ rows: [L1], rules: [{ ...LESS_TEN, filter }] }, 1);
    expect(answer.steps[1]).toMatchObject({
      verdict: 'filter',
      failedTests: [
        'tag env is "dev", and it is "prod"',
        'RegionId is given, and it is not given',
        'not (tag team starts with "a"), and it is "a"',
      ],
    });
    expect(answer.charged.BilledCost).toBe('80');
  });

  test('BR-07 says that a row was left out, and keeps what was delivered', async () => {
    const rules = [
      { name: 'No fees', type: 'back_out', filter: { field: 'x_ChargeType', op: 'in', values: ['RIFee'] } },
    ];
    const answer = await explained({ rows: [L1, L3], rules }, 3);
    expect(answer).toMatchObject({ inLedger: false, delivered: { BilledCost: '40' }, charged: { BilledCost: '0' } });
    expect(answer.words.slice(-2)).toEqual([
      expect.stringContaining('Applied: the row is left out; BilledCost is 0.'),
      'Charged: nothing, the row is not in the customer’s bill.',
    ]);
  });

  test('BR-06 says that a list price is missing, where a rule wanted it', async () => {
    const answer = await explained(
      { rows: [row(1, '12.34', { ListCost: null })], rules: [{ name: 'List', type: 'adjust_to_list' }] },
      1,
    );
    expect(answer).toMatchObject({ charged: { BilledCost: '12.34' } });
    expect(answer.steps[1]).toMatchObject({ verdict: 'applied', warning: 'list_price_missing' });
    expect(answer.steps[1]?.words).toContain('the list price is missing: the row stays as it is');
  });

  test.each([
    [{ type: 'adjust_to_list', offsetPercent: '10' }, 'ListCost 100 × 1.1; BilledCost is 110.'],
    [{ type: 'rerate', base: 'list_cost', offsetPercent: '-12' }, '80 + ListCost 100 × -0.12; BilledCost is 68.'],
    [{ type: 'operating_margin', base: 'billed_cost', percent: '20' }, '80 × 1.2; BilledCost is 96.'],
    [{ type: 'adjustment', percentShown: '75' }, '80 × 0.75; BilledCost is 60.'],
    [{ type: 'back_out', mode: 'zero' }, 'all costs are 0; BilledCost is 0.'],
    [{ type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' }, '0.25 × 744 Hours; BilledCost is 186.'],
  ])('puts %j into numbers', async (rule, words) => {
    const rows = [row(1, '80', { ListCost: '100', PricingUnit: 'Hours', PricingQuantity: '744' })];
    const answer = await explained({ rows, rules: [{ name: 'Rule', ...rule }] }, 1);
    expect(answer.steps[1]?.words).toContain(`Applied: ${words}`);
  });

  test('explains a row that tiers split with its whole', async () => {
    const tiers = [
      { from: '0', rate: '0.0184' },
      { from: '51200', rate: '0.0177' },
    ];
    const rule = { name: 'Tiers', type: 'tiered_rate', tiers, pricingUnit: 'GB', aggregate: 'customer' };
    const rows = [row(1, '900', { PricingUnit: 'GB', PricingQuantity: '60000.5' })];
    const answer = await explained({ rows, rules: [rule] }, 1);
    expect(answer.charged.BilledCost).toBe('1097.84885');
  });

  test('CH-23 shows what a commitment policy made of a used row before any rule', async () => {
    const used = { CommitmentDiscountId: 'sp', CommitmentDiscountStatus: 'Used', CommitmentDiscountType: 'SP' };
    const rows = [row(1, '0', { EffectiveCost: '6', ContractedCost: '9', ListCost: '10', ...used })];
    const settings = { commitments: { policy: 'share' as const, percent: '50' } };
    const answer = await explained({ rows, rules: [PLUS_TWENTY], settings }, 1);
    expect(answer.steps[0]).toMatchObject({
      ...{ stage: 'commitment', verdict: 'applied', delta: { BilledCost: '7.5', EffectiveCost: '1.5' } },
      words:
        'The customer’s commitment policy shares the benefit of commitments: usage is charged on demand less 50 % of what it saved.',
    });
    expect(answer.steps[1]?.words).toContain('7.5 × 1.2; BilledCost is 9.');
  });

  test('says of rows of nobody’s and of the partner’s that no rule acts on them', async () => {
    for (const [owner, words] of [
      ['unassigned', 'Nobody owns'],
      ['partner', 'the partner’s own'],
    ]) {
      const answer = await explained({ rows: [{ ...L1, x_Owner: owner ?? null }], rules: [PLUS_TWENTY] }, 1);
      expect(answer).toMatchObject({ owner, inLedger: false, steps: [], charged: { BilledCost: '80' } });
      expect(answer.words[1]).toContain(words);
    }
  });

  test('asks which integration is meant where two delivered alike rows', async () => {
    const period = '2023-01';
    for (const integration of ['twin-a', 'twin-b']) await opened.publish({ rows: [row(99, '5')], integration, period });
    const params = { rowId: rowId(99) };
    const refused = await opened.api.refused(explainRow, { params });
    expect(refused).toMatchObject({ status: 422, errors: [{ pointer: 'query/integrationId' }] });
    const { body } = await opened.api.call(explainRow, { params, query: { integrationId: 'twin-b' } });
    expect(body.charged.BilledCost).toBe('5');
  });

  test('that nobody has is not found, whatever the id looks like', async () => {
    const ask = (id: string) => opened.api.refused(explainRow, { params: { rowId: id } });
    expect(await ask(rowId(12345))).toMatchObject({ status: 404, details: { what: 'row' } });
    expect(await ask("' OR 1=1 --")).toMatchObject({ status: 422, errors: [{ pointer: 'path/rowId' }] });
  });

  test('that does not add up with what is published is our fault, never an answer', async () => {
    await opened.publish({ rows: [row(77, '5')], integration: 'tampered', period: '2023-02' });
    await opened.database.run(
      `UPDATE published.customer_charges SET "BilledCost" = 6 WHERE "x_RowId" = '${rowId(77)}'`,
    );
    await expect(opened.api.call(explainRow, { params: { rowId: rowId(77) } })).rejects.toThrow('does not add up');
  });
});

describe('A row explained to a customer', () => {
  let opened: World;
  beforeAll(async () => {
    opened = await openExplainWorld();
    const rules = [{ ...LESS_TEN, name: 'Secret discount' }];
    await opened.publish({ rows: [L1, { ...L3, x_Owner: opened.T2.id }], rules });
  });
  afterAll(() => opened.close());

  test('BR-21 is what its ledger holds: no delivered amount, no rule, no other customer', async () => {
    opened.asked.length = 0;
    const { body } = await opened.api.call(explainRow, { as: 'user-of-T1', params: { rowId: rowId(1) } });
    expect(body).toEqual({
      ...{ view: 'customer', rowId: rowId(1), customerId: opened.T1.id, period: '2025-03', BillingCurrency: 'USD' },
      ...{ ChargeCategory: 'Usage', ServiceName: 'Compute Engine', ChargeDescription: 'Compute Engine' },
      charged: { BilledCost: '72', EffectiveCost: '72', ListCost: '100', ContractedCost: '72' },
      words: ['Charged: BilledCost 72 USD for Compute Engine, Compute Engine.'],
    });
    expect(JSON.stringify(body)).not.toMatch(/Secret|rul_|"80"/);
    for (const { as, statement } of opened.asked) {
      expect(as).toBe(opened.T1.id);
      expect(statement).not.toMatch(/costs|waterfall/);
      expect(statement).toContain(`customer IN ('${opened.T1.id}')`);
    }
  });

  test('does not exist where it is another’s, or asked for as another’s', async () => {
    const as = 'user-of-T1';
    const foreign = await opened.api.refused(explainRow, { as, params: { rowId: rowId(3) } });
    const nobodys = await opened.api.refused(explainRow, { as, params: { rowId: rowId(4444) } });
    expect(foreign).toMatchObject({ status: 404, details: { what: 'row', id: rowId(3) } });
    expect({ ...foreign, details: {}, detail: '' }).toEqual({ ...nobodys, details: {}, detail: '' });
    const query = { customerId: opened.T2.id };
    expect(await opened.api.refused(explainRow, { as, params: { rowId: rowId(1) }, query })).toMatchObject({
      status: 404,
    });
  });
});
