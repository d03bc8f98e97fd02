import { describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../infra/cli/api-client.ts';
import { collectSummary } from '../../../infra/cli/figures/collect-summary.ts';
import { folderNames, foldersById } from '../../../infra/cli/figures/folder-names.ts';
import { Summary } from '../../../infra/cli/figures/summary.ts';
import { summaryTable } from '../../../infra/cli/figures/summary-table.ts';
import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import { addition, costs, customer, figures, run } from './given-summary.ts';

describe('A customer’s folder', () => {
  test.each([
    ['Contoso', 'contoso'],
    ['Fir & Söhne', 'fir-sohne'],
    ['Łódź', 'odz'],
    ['  A -- B  ', 'a-b'],
    ['ﬁne Café №5', 'fine-cafe-no5'],
    ['表', 'customer'],
    ['../../etc', 'etc'],
    ['', 'customer'],
  ])('of %j is %s', (name, folder) => expect(folderNames([name]).get(name)).toBe(folder));

  test('gets a number where another one has it already, also where that number is somebody’s name', () => {
    expect([...folderNames(['A', 'a!', 'a-2', 'A?', '表', '示']).values()]).toEqual([
      ...['a', 'a-2', 'a-2-2', 'a-3', 'customer', 'customer-2'],
    ]);
  });

  test('lies below customers/, by the customer’s id; one that nobody gave goes by its id', () => {
    const ids = new Map([
      ['Birch', 'cus_1'],
      ['Added later', 'cus_2'],
    ]);
    expect([...foldersById(['Birch'], ids)]).toEqual([
      ['cus_1', 'customers/birch'],
      ['cus_2', 'customers/cus_2'],
    ]);
  });
});

describe('The summary', () => {
  test('has runs by period, integration and currency, customers, warnings and additions in their given order', async () => {
    const runs = {
      b1: [run({ integrationId: 'b', currency: 'USD' }), run({ integrationId: 'b', currency: 'EUR' })],
      a2: [run({ integrationId: 'a', period: '2025-04' })],
      a1: [
        run({
          integrationId: 'a',
          customers: [customer('Alder', 1, '1'), customer('Zed', 0, '0'), customer('Birch', 0, '0')],
          warnings: [
            { code: 'list_price_missing', customer: 'Alder', rule: 'r1', rows: 4 },
            { code: 'list_price_missing', customer: 'Birch', rule: 'r1', rows: 3 },
            { code: 'list_price_missing', customer: 'Birch', rule: 'r2', rows: 2 },
            { code: 'cost_missing', column: 'ListCost', rows: 1 },
          ],
        }),
      ],
    };
    const additions = [
      { period: '2025-03', currency: 'USD', customers: [addition('Alder', 1, '2'), addition('Zed', 1, '2')] },
    ];
    const summary = await collectSummary(apiOf(runs, additions), {
      customers: ['Zed', 'Birch', 'Alder'],
      rules: ['r2', 'r1'],
    });
    expect(summary.runs.map(({ period, integrationId, currency }) => [period, integrationId, currency])).toEqual([
      ['2025-03', 'a', 'USD'],
      ['2025-03', 'b', 'EUR'],
      ['2025-03', 'b', 'USD'],
      ['2025-04', 'a', 'USD'],
    ]);
    const [first] = summary.runs;
    expect(first?.customers.map(({ name, folder }) => [name, folder])).toEqual([
      ['Zed', 'customers/zed'],
      ['Birch', 'customers/birch'],
      ['Alder', 'customers/alder'],
    ]);
    expect(first?.warnings.map(({ rows }) => rows)).toEqual([1, 2, 3, 4]);
    expect(summary.additions[0]?.customers.map(({ name }) => name)).toEqual(['Zed', 'Alder']);
  });

  test('is reconciled only where every run is, and where there is one', async () => {
    const order = { customers: [], rules: [] };
    expect((await collectSummary(apiOf({ r: [run({})] }, []), order)).reconciled).toBe(true);
    expect((await collectSummary(apiOf({ r: [run({}), run({ reconciled: false })] }, []), order)).reconciled).toBe(
      false,
    );
    expect((await collectSummary(apiOf({}, []), order)).reconciled).toBe(false);
  });
});

describe('The table', () => {
  const summary = Summary.parse({
    version: 1,
    reconciled: true,
    runs: [
      run({
        delivered: figures(4, '1234.5650000000001'),
        ingestRounding: costs('0.0000000000001'),
        customers: [customer('Alder', 2, '1000', '1100.005'), customer('Birch', 0, '0')],
        unassigned: figures(1, '200'),
        partner: figures(1, '34.565'),
        warnings: [{ code: 'list_price_missing', rule: 'List', customer: 'Alder', rows: 3 }],
      }),
      run({ integrationId: 'second' }),
    ],
    additions: [
      { period: '2025-03', currency: 'USD', customers: [addition('Alder', 1, '300')] },
      { period: '2025-03', currency: 'EUR', customers: [addition('Birch', 2, '12.345')] },
    ],
  });

  test('shows each customer’s rows, money to two decimals and margin, the others’, and the total', () => {
    const [first = ''] = summaryTable(summary).split('\n\n');
    expect(first.split('\n').map((line) => line.replace(/\s{2,}/g, ' '))).toEqual([
      '2025-03 · bill · USD',
      'customer rows delivered charged additions margin',
      expect.stringMatching(/^─/),
      'Alder 2 1000.00 1100.01 300.00 400.01',
      'Birch 0 0.00 0.00 0.00 0.00',
      'unassigned 1 200.00 0.00 0.00 -200.00',
      'partner 1 34.57 0.00 0.00 -34.57',
      expect.stringMatching(/^─/),
      'total 4 1234.57 1100.01 300.00 165.44',
    ]);
  });

  test('reconciles to the last digit in one line, and names the warnings', () => {
    const text = summaryTable(summary);
    expect(text).toContain(
      'Reconciled to the last digit: 4 rows, BilledCost 1234.565 USD delivered = 1234.565 USD over all owners',
    );
    expect(text).toContain('list_price_missing: 3 rows, rule "List", customer Alder');
    expect(summaryTable({ ...summary, runs: [run({ reconciled: false })] })).toContain('NOT reconciled');
  });

  test('counts additions once where a period has two integrations, and shows those without a run', () => {
    const text = summaryTable(summary).replaceAll(/ {2,}/g, ' ');
    expect(text.match(/300\.00/g)).toHaveLength(2);
    expect(text).toContain('2025-03 · additions · EUR');
    expect(text).toContain('Birch 2 0.00 0.00 12.35 12.35');
  });
});

/** The API as far as the summary asks it. */
function apiOf(runs: Readonly<Record<string, Summary['runs']>>, additions: readonly object[]): ApiClient {
  const answers = new Map<unknown, (request: unknown) => unknown>([
    [
      listPeriods,
      () => ({
        items: Object.entries(runs).map(([runId, [first]]) => ({ period: first?.period, published: { runId } })),
      }),
    ],
    [getRun, (request) => ({ totals: runs[JSON.parse(JSON.stringify(request)).params.runId] })],
    [getAdditions, (request) => ({ additions: additionsOf(request) })],
  ]);
  const additionsOf = (request: unknown) =>
    additions.filter((one) => JSON.stringify(one).includes(JSON.parse(JSON.stringify(request)).params.period));
  return {
    call: async (contract, request) => ({ body: answers.get(contract)?.(request) as never, etag: null }),
  };
}
