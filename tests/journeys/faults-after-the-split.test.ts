import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getRun } from '../../lib/contracts/runs/get-run.ts';
import { CustomerId } from '../../lib/domain/ids.ts';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { deliverAnyhow, PATIENT, runOf } from './deliver-anyhow.ts';
import { heldRun, holdAfter } from './held-runs.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { served } from './served.ts';
import { type Reach, type Swap, swapResult } from './tampered-results.ts';

/** Two rows of one sub account cost the same; their quantities tell them apart in every file. */
const [LEFT, RIGHT] = ['1001', '1002'];
/** The first row of a file, by its id. */
const FIRST = '(SELECT min(x_RowId) FROM {file})';
const less = (column: string, unit: string, type: string) =>
  `SELECT * REPLACE (CAST(CASE WHEN x_RowId = ${FIRST} THEN ${column} - CAST('${unit}' AS ${type}) ELSE ${column} END AS ${type}) AS ${column}) FROM {file}`;
/** One of the two equal rows twice, the other not at all: as many rows, and the same sums. */
const TWICE = `SELECT kept.* FROM {file} AS kept JOIN (VALUES (1), (2)) AS times (n)
  ON n = 1 OR kept.PricingQuantity = ${LEFT} WHERE kept.PricingQuantity <> ${RIGHT}`;

interface Mischief {
  readonly mischief: string;
  readonly swap: Omit<Swap, 'owner'>;
  readonly reach: Reach;
  readonly code: string;
  readonly found: string;
}

const MISCHIEF: readonly Mischief[] = [
  {
    mischief: 'a written file swapped for a dearer one',
    swap: { table: 'customer_charges', select: 'SELECT * REPLACE (BilledCost * 2 AS BilledCost) FROM {file}' },
    reach: 'file',
    code: 'result_file_changed',
    found: 'file: results/customer=cus_',
  },
  {
    mischief: 'a written file swapped for one with equal sums but other rows',
    swap: { table: 'costs', select: TWICE },
    reach: 'file',
    code: 'result_file_changed',
    found: 'file: partner/costs/customer=cus_',
  },
  {
    mischief: 'a written file swapped together with its list',
    swap: { table: 'waterfall', select: 'SELECT * FROM {file} LIMIT 1' },
    reach: 'list',
    code: 'result_file_changed',
    found: 'file: runs/run_',
  },
  {
    mischief: 'a digit lost in the 12th decimal of a cost ledger, list and answer fitting',
    swap: { table: 'costs', select: less('BilledCost', '0.000000000001', 'DECIMAL(28,12)') },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'column: BilledCost, expected: 2.5, actual: 2.499999999999',
  },
  {
    mischief: 'a digit lost in the 18th decimal of a customer ledger, list and answer fitting',
    swap: { table: 'customer_charges', select: less('EffectiveCost', '0.000000000000000001', 'DECIMAL(38,18)') },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'column: EffectiveCost, expected: 4.125, actual: 4.124999999999999999',
  },
  {
    mischief: 'a delta of the waterfall off by the 18th decimal, list and answer fitting',
    swap: { table: 'waterfall', select: less('x_ContractedCostDelta', '0.000000000000000001', 'DECIMAL(38,18)') },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'column: ContractedCost, expected: 4.124999999999999999, actual: 4.125',
  },
  {
    mischief: 'one row twice and its equal dropped from a cost ledger, list and answer fitting',
    swap: { table: 'costs', select: TWICE },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'check: no row twice in the cost ledgers',
  },
  {
    mischief: 'one row twice and its equal dropped from a customer ledger, list and answer fitting',
    swap: { table: 'customer_charges', select: TWICE },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'check: no row twice in the customer ledgers',
  },
  {
    mischief: 'rows that name another customer, list and answer fitting',
    swap: { table: 'customer_charges', select: "SELECT * REPLACE ('cus_other' AS BillingAccountId) FROM {file}" },
    reach: 'answer',
    code: 'not_reconciled',
    found: 'check: every row of a customer ledger is the customer’s',
  },
];

describe('what happens to written files after the worker’s answer is caught by Reconcile alone', PATIENT, () => {
  let product: Product;
  let customers: ReadonlyMap<string, CustomerId>;
  let number = 0;

  beforeAll(async () => {
    product = await openEdited({ edit: (template) => holdAfter(template, 'PriceShards') });
    await product.connect('acme');
    customers = await product.configure({
      partner: { name: 'Partner' },
      customers: [{ name: 'One', subAccounts: ['111111111111', '222222222222'] }],
      rules: [
        {
          name: 'Ten',
          type: 'rerate',
          base: 'billed_cost',
          offsetPercent: '10',
          startDate: '2025-01-01',
          customers: 'all',
        },
      ],
    });
    expect(await delivered()).toMatchObject({ status: 'Published', reason: null });
  });
  afterAll(() => product.close());

  /** Delivers a bill unlike all before it; its run is held behind PriceShards, where `change` may do something. */
  const delivered = async (change: (handedOn: unknown) => Promise<unknown> = async (handedOn) => handedOn) => {
    number += 1;
    const equals = [LEFT, RIGHT].map((PricingQuantity) => ({ SubAccountId: '222222222222', PricingQuantity }));
    const rows = [{ PricingQuantity: String(number) }, ...equals];
    const delivery = await deliverAnyhow(product, 'acme', [{ key: 'acme/bill.csv', text: bill(rows) }]);
    const held = await heldRun(product.machine);
    await held.goOn(await change(held.handedOn));
    return await runOf(product, delivery);
  };
  const now = () => served(product, '2025-03', customers.values());

  test.each(MISCHIEF)('$mischief: nothing is published', async ({ swap, reach, code, found }) => {
    const before = await now();
    const owner = CustomerId.parse(customers.get('One'));
    const run = await delivered((handedOn) => swapResult(product, handedOn, { ...swap, owner }, reach));
    expect(run).toMatchObject({ status: 'Quarantined', step: 'Reconcile', reason: { code } });
    expect(run.reason?.detail).toContain(found);
    expect((await product.api.call(getRun, { params: { runId: run.id } })).body.totals).toEqual([]);
    expect(await now()).toEqual(before);
  });

  test('the next good bill is published', async () => {
    const run = await delivered();
    expect(run).toMatchObject({ status: 'Published', reason: null });
    const { published, costs } = await now();
    expect(published).toMatchObject([{ runId: run.id }]);
    expect(costs).toMatchObject([{ totals: [{ rows: 3, BilledCost: '4.125' }] }]);
  });
});
