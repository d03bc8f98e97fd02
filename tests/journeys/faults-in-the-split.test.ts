import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getRun } from '../../lib/contracts/runs/get-run.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { deliverAnyhow, PATIENT, runOf } from './deliver-anyhow.ts';
import { editDefinition } from './edited-template.ts';
import { exact, multiply, plain, sumOf } from './exact.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { served } from './served.ts';

type BillRow = Parameters<typeof bill>[0][number];

/** A change of SplitByShard's SELECT: text in it, and what stands there instead; `{run}` is the run's id. */
interface Fault {
  readonly fault: string;
  readonly from: string;
  readonly to: string;
  /** The row that the fault meets; good bills have none like it. */
  readonly row: BillRow;
  readonly found: string;
}

const met = (word: string) => `b.ChargeDescription = '${word}'`;

/** Each acts on one row of its own bill only, so one machine holds them all and good bills pass. */
const FAULTS: readonly Fault[] = [
  {
    fault: 'a join that doubles one row, as overlapping owners would',
    from: "FROM owners WHERE run = '{run}'",
    to:
      "FROM owners WHERE run = '{run}' UNION ALL SELECT sub_account_id, provider_name, owner, shard, " +
      "CAST('2025-03-25 00:00:00.000' AS timestamp(3)), CAST(valid_to AS timestamp(3)) FROM owners WHERE run = '{run}'",
    row: { ChargePeriodStart: '2025-03-26T00:00:00Z' },
    found:
      'delivered = cost ledgers, by sub account, owner: 111111111111, currency: USD, column: rows, expected: 2, actual: 3',
  },
  {
    fault: 'a WHERE that drops one row',
    from: 'WHERE b.BillingPeriodStart',
    to: "WHERE b.ChargeDescription <> 'lost' AND b.BillingPeriodStart",
    row: { ChargeDescription: 'lost' },
    found: 'column: rows, expected: 2, actual: 1',
  },
  {
    fault: 'a digit lost in the 12th decimal',
    from: 'b.BilledCost AS BilledCost',
    to: `CASE WHEN ${met('shaved')} THEN CAST(b.BilledCost - CAST('0.000000000001' AS DECIMAL(28,12)) AS DECIMAL(28,12)) ELSE b.BilledCost END AS BilledCost`,
    row: { ChargeDescription: 'shaved', BilledCost: '3.123456789012' },
    found: 'column: BilledCost, expected: 4.373456789012, actual: 4.373456789011',
  },
  {
    fault: 'a cost that is filled in where none was delivered',
    from: 'b.ListCost AS ListCost',
    to: `CASE WHEN ${met('filled')} THEN COALESCE(b.ListCost, CAST('0' AS DECIMAL(28,12))) ELSE b.ListCost END AS ListCost`,
    row: { ChargeDescription: 'filled', ListCost: '' },
    found: 'by sub account: nulls, owner: 111111111111, currency: USD, column: ListCost, expected: 1, actual: 0',
  },
  {
    fault: 'a row lost, and another of the same cost twice in its place',
    from: 'b.ChargeDescription AS ChargeDescription',
    to: `CASE WHEN ${met('replaced')} THEN 'a charge' ELSE b.ChargeDescription END AS ChargeDescription`,
    row: { ChargeDescription: 'replaced' },
    found: 'by sub account: no row for another, owner: 111111111111, currency: USD, column: content, expected: ',
  },
  {
    fault: 'a row that goes to another sub account of the same customer',
    from: 'b.SubAccountId AS SubAccountId',
    to: `CASE WHEN ${met('moved')} THEN '222222222222' ELSE b.SubAccountId END AS SubAccountId`,
    row: { ChargeDescription: 'moved' },
    found: 'owner: 111111111111, currency: USD, column: rows, expected: 2, actual: 1',
  },
  {
    fault: 'a row that goes to another owner',
    from: "COALESCE(o.owner, 'unassigned') AS x_Owner",
    to: `CASE WHEN ${met('strayed')} THEN 'unassigned' ELSE COALESCE(o.owner, 'unassigned') END AS x_Owner`,
    row: { ChargeDescription: 'strayed' },
    found: 'every row of a cost ledger is its owner’s, owner: unassigned',
  },
];

describe('a fault in the split is caught by Reconcile alone', PATIENT, () => {
  let product: Product;
  let customers: ReadonlyMap<string, CustomerId>;
  let number = 0;

  beforeAll(async () => {
    product = await openEdited({
      edit: (template) =>
        editDefinition(template, 'PipelineSplitSplitBill', ({ state }) => {
          const call = state('SplitByShard').Arguments as { QueryString: string };
          call.QueryString = call.QueryString.replace('$splitSelect', planted(FAULTS));
        }),
    });
    await product.connect('acme');
    customers = await product.configure({
      partner: { name: 'Partner' },
      customers: [
        { name: 'One', subAccounts: ['111111111111', '222222222222'] },
        { name: 'Two', subAccounts: ['333333333333'] },
      ],
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
    expect((await delivered()).run).toMatchObject({ status: 'Published', reason: null });
  });
  afterAll(() => product.close());

  /** A bill unlike all before it, with more rows where they are given. */
  const delivered = async (...more: BillRow[]) => {
    number += 1;
    const rows = [
      {},
      { SubAccountId: '222222222222', BilledCost: String(number) },
      { SubAccountId: '333333333333' },
      { SubAccountId: '' },
      ...more,
    ];
    const delivery = await deliverAnyhow(product, 'acme', [{ key: 'acme/bill.csv', text: bill(rows) }]);
    expect(delivery).toMatchObject({ status: 'Registered', rows: rows.length });
    return { delivery, run: await runOf(product, delivery) };
  };
  const now = () => served(product, '2025-03', customers.values());

  test.each(FAULTS)('$fault: nothing is published, and the next good bill is', async ({ row, found }) => {
    const before = await now();
    const { run } = await delivered(row);
    expect(run).toMatchObject({ status: 'Quarantined', step: 'Reconcile', reason: { code: 'not_reconciled' } });
    expect(run.reason?.detail).toContain(found);
    expect((await product.api.call(getRun, { params: { runId: run.id } })).body.totals).toEqual([]);
    expect(await now()).toEqual(before);
    const good = await delivered();
    expect(good.run).toMatchObject({ status: 'Published', reason: null });
    const after = await now();
    expect(after.published).toMatchObject([{ runId: good.run.id, deliveryId: good.delivery.id }]);
    expect(after.costs.map(({ totals }) => totals)).toMatchObject([
      [{ rows: 2, BilledCost: sumOf(['1.375', plain(multiply(exact('1.1'), exact(String(number))))]) }],
      [{ rows: 1, BilledCost: '1.375' }],
    ]);
  });
});

/** The SELECT with every fault in it, in JSONata. */
function planted(faults: readonly Fault[]): string {
  const text = (plain: string) => JSON.stringify(plain).replaceAll('{run}', '" & $runId & "');
  return faults.reduce((select, { from, to }) => `$replace(${select}, ${text(from)}, ${text(to)})`, '$splitSelect');
}
