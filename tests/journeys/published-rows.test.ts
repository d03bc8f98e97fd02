import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { COST_COLUMNS } from '../../lib/focus/columns.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { askAthena, select } from './ask-athena.ts';
import { billRow, costs } from './bill-row.ts';
import { type BillRow, csvOf } from './csv.ts';
import { sumOf } from './exact.ts';
import { openProduct, type Product } from './open-product.ts';
import { publishedKeys } from './published-rows-of.ts';

const PERIOD = '2025-03';
const CONFIG = {
  partner: { name: 'Acme Cloud', currency: 'USD', subAccounts: ['own'] },
  customers: [
    { name: 'Alder', subAccounts: ['a1', 'a2'] },
    { name: 'Birch', subAccounts: ['b1'] },
    { name: 'Cedar', subAccounts: ['c1'] },
  ],
  rules: [
    {
      name: 'Margin',
      type: 'rerate',
      base: 'billed_cost',
      offsetPercent: '7.5',
      startDate: '2025-01-01',
      customers: 'all',
    },
    {
      ...{ name: 'Care', type: 'charge', amount: '19.99', frequency: 'monthly', serviceName: 'Acme Services' },
      ...{ startDate: '2025-03-01', customers: ['Alder', 'Cedar'] },
    },
  ],
};

const row = (SubAccountId: string, ResourceId: string, billed: string): BillRow =>
  billRow({ SubAccountId, ResourceId, ...costs(billed, { ListCost: '9.000000000001' }) });
const FIRST = [row('a1', 'first-1', '10'), row('b1', 'first-2', '20'), row('nobody', 'first-3', '3')];
const SECOND = [
  ...[row('a1', 'second-1', '0.123456789012'), row('a2', 'second-2', '-4.5'), row('c1', 'second-3', '6')],
  ...[row('nobody', 'second-4', '5'), row('own', 'second-5', '7')],
];
const OTHER = [row('a1', 'other-1', '100.5'), row('c1', 'other-2', '1e-12')];

describe('What a SELECT through Athena sees, with nothing but the template’s table', () => {
  let product: Product;
  let summary: Summary;
  let customers: ReadonlyMap<string, string>;
  let answersMeanwhile: ReadonlySet<string>;

  beforeAll(async () => {
    product = await openProduct();
    customers = await product.configure(CONFIG);
    await product.connect('aws');
    await product.connect('azure');
    await product.receive('aws', 'march.csv', csvOf(FIRST));
    await product.published();
    await product.receive('aws', 'march.csv', csvOf(SECOND));
    answersMeanwhile = await answersUntil(product.published(), () => charged('Alder'));
    await product.receive('azure', 'march.csv', csvOf(OTHER));
    summary = await product.published();
  }, 120_000);
  afterAll(() => product?.close());

  const idOf = (name: string) => customers.get(name) ?? name;
  const figures = COST_COLUMNS.map((cost) => `sum(${cost})`).join(', ');
  const charged = (name: string, and = '') =>
    select(
      product.machine,
      `SELECT count(*), ${figures} FROM customer_charges WHERE customer = '${idOf(name)}' ${and}`,
    );
  const inSummary = (name: string): string[] => {
    const runs = summary.runs.flatMap((run) => run.customers.filter((one) => one.name === name));
    const added = summary.additions.flatMap((one) => one.customers.filter((customer) => customer.name === name));
    const parts = [...runs.map((one) => one.charged), ...added];
    return [
      String(parts.reduce((sum, { rows }) => sum + rows, 0)),
      ...COST_COLUMNS.map((cost) => sumOf(parts.map((part) => part[cost]))),
    ];
  };

  test.each(['Alder', 'Birch', 'Cedar'])(
    'is for %s what summary.json says: two integrations and the charges, the second delivery instead of the first',
    async (name) => {
      expect(summary.reconciled).toBe(true);
      expect(await charged(name, `AND period = '${PERIOD}'`)).toEqual([inSummary(name)]);
      expect(await charged(name)).toEqual([inSummary(name)]);
    },
  );

  test('was the first bill or the second while the second was priced and published, never a part of it', () => {
    const first = [['2', '30.74', '30.74', '28.990000000001', '30.74']];
    const second = [['3', '15.2852160481879', '15.2852160481879', '37.990000000002', '15.2852160481879']];
    const whole = [first, second].map((answer) => JSON.stringify(answer));
    expect([...answersMeanwhile]).toEqual(whole);
  });

  test('is of Alder two rows of one integration, one of the other, and a charge', async () => {
    const query = `SELECT resourceid FROM customer_charges WHERE customer = '${idOf('Alder')}' ORDER BY 1`;
    expect(await select(product.machine, query)).toEqual([['other-1'], ['second-1'], ['second-2'], [null]]);
    expect(await charged('Birch')).toEqual([['0', '0', '0', '0', '0']]);
  });

  test('is for the partner what nobody owns, what is its own, and each rule’s delta', async () => {
    for (const owner of ['unassigned', 'partner'] as const) {
      const parts = summary.runs.map((run) => run[owner]);
      const expected = [
        String(parts.reduce((sum, { rows }) => sum + rows, 0)),
        sumOf(parts.map(({ BilledCost }) => BilledCost)),
      ];
      expect(
        await select(product.machine, `SELECT count(*), sum(BilledCost) FROM costs WHERE customer = '${owner}'`),
      ).toEqual([expected]);
    }
    const rules = summary.runs.flatMap((run) =>
      run.customers.filter(({ name }) => name === 'Cedar').flatMap((one) => one.rules),
    );
    const margin = rules.filter(({ name }) => name === 'Margin');
    expect(
      await select(
        product.machine,
        `SELECT x_BillingRuleName, count(*), sum(x_BilledCostDelta) FROM waterfall WHERE customer = '${idOf('Cedar')}' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      ['Care', '1', '19.99'],
      [
        'Margin',
        String(margin.reduce((sum, one) => sum + one.rows, 0)),
        sumOf(margin.map(({ delta }) => delta.BilledCost)),
      ],
    ]);
  });

  test('is no file that lies among the results and in no list: a stray one, or one of the run that was superseded', async () => {
    const before = await charged('Alder');
    const lake = lakeOf(product.machine);
    const [listed = ''] = await publishedKeys(product.machine, {
      table: 'customer_charges',
      owner: idOf('Alder'),
      source: 'aws',
    });
    const copy = join(product.folder, 'stray.parquet');
    await lake.download(listed, copy);
    await lake.upload(LAKE.chargesFile(idOf('Alder'), PERIOD, 'stray', 0), copy);
    await lake.upload(listed.replace(/[^/]+$/, 'beside.parquet'), copy);
    const results = (await lake.list(`results/customer=${idOf('Birch')}/`)).map(({ key }) => key);
    expect(results).not.toEqual([]);
    expect(await publishedKeys(product.machine, { table: 'customer_charges', owner: idOf('Birch') })).toEqual([]);
    expect(await charged('Alder')).toEqual(before);
    expect(await charged('Birch')).toEqual([['0', '0', '0', '0', '0']]);
  });

  test('is refused without a customer, in Athena’s own words', async () => {
    for (const where of ['', `WHERE period = '${PERIOD}'`, `WHERE customer LIKE 'cus_%'`, `WHERE customer <> 'x'`])
      expect(await askAthena(product.machine, `SELECT count(*) FROM customer_charges ${where}`)).toEqual({
        failure: expect.stringMatching(/CONSTRAINT_VIOLATION.*injected projected partition column customer/),
      });
  });

  test('is nothing of an integration whose list is gone, and nothing at all without any list', async () => {
    const lake = lakeOf(product.machine);
    const list = (source: string) => LAKE.publishedList('customer_charges', idOf('Alder'), PERIOD, source);
    await lake.delete(list('aws'));
    const left = await select(
      product.machine,
      `SELECT resourceid FROM customer_charges WHERE customer = '${idOf('Alder')}' ORDER BY 1`,
    );
    expect(left).toEqual([['other-1'], [null]]);
    await lake.delete(list('azure'));
    await lake.delete(list('additions'));
    expect(await charged('Alder')).toEqual([['0', '0', '0', '0', '0']]);
  });
});

/** Every different answer until something is done, and the one after. */
async function answersUntil(done: Promise<unknown>, ask: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const answers = new Set<string>();
  let isDone = false;
  const end = done.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    answers.add(JSON.stringify(await ask()));
    await sleep(100);
  }
  await end;
  return answers.add(JSON.stringify(await ask()));
}
