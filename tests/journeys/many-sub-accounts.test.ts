import { expect, test } from 'vitest';
import { listSubAccounts } from '../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import { TABLES } from '../../lib/names/tables.ts';
import { select } from './ask-athena.ts';
import { billRow, costs } from './bill-row.ts';
import { csvOf } from './csv.ts';
import { openProduct } from './open-product.ts';

const CUSTOMERS = 100;
const EACH = 100;
/** The sub accounts of this many customers move on in mid-month, to the customers after them. */
const MOVED = 10;

const nameOf = (customer: number) => `Customer ${String(customer).padStart(3, '0')}`;
const idsOf = (customer: number) =>
  Array.from({ length: EACH }, (_, place) => String(100_000_000_000 + customer * EACH + place));

test('10,000 sub accounts with dated owners come from one delivery into a hundred customers’ tables', {
  timeout: 600_000,
}, async () => {
  const product = await openProduct();
  try {
    await product.connect('acme');
    const numbers = [...Array(CUSTOMERS).keys()];
    const ids = await product.configure({
      customers: numbers.map((customer) => ({
        name: nameOf(customer),
        subAccounts: [
          ...idsOf(customer).map((id) => (customer < MOVED ? { id, to: '2025-03-15' } : id)),
          ...(customer >= MOVED && customer < 2 * MOVED
            ? idsOf(customer - MOVED).map((id) => ({ id, from: '2025-03-16' }))
            : []),
        ],
      })),
    });
    const rows = numbers.flatMap(idsOf).map((SubAccountId) =>
      billRow({
        SubAccountId,
        ChargePeriodStart: '2025-03-20T00:00:00Z',
        ChargePeriodEnd: '2025-03-20T01:00:00Z',
        ...costs('0.000000000001'),
      }),
    );
    await product.receive('acme', 'bill.csv', csvOf(rows));
    const [run] = (await product.published()).runs;
    expect(run).toMatchObject({ reconciled: true, delivered: { rows: 10_000, BilledCost: '0.00000001' } });
    const owners = numbers.slice(MOVED).map((customer) => ({
      name: nameOf(customer),
      rows: customer < 2 * MOVED ? 2 * EACH : EACH,
    }));
    expect(
      run?.customers.map(({ name, charged }) => ({ name, rows: charged.rows })).filter(({ rows }) => rows > 0),
    ).toEqual(owners);
    for (const { name, rows: count } of [owners[0], owners.at(-1)].flatMap((one) => one ?? []))
      expect(
        await select(
          product.machine,
          `SELECT count(*), count(DISTINCT SubAccountId) FROM ${TABLES.customerCharges} WHERE customer = '${ids.get(name)}' AND period = '2025-03'`,
        ),
      ).toEqual([[String(count), String(count)]]);
    const { items } = (await product.api.call(listSubAccounts)).body;
    expect(items.length).toBeGreaterThan(0);
  } finally {
    await product.close();
  }
});
