import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnerLine, Querying } from '../pipeline/receive-bill/querying.ts';
import { receivingBills } from '../pipeline/receive-bill/receiving.ts';
import { bill } from '../pipeline/receive-bill/small-bill.ts';

const begin = receivingBills();
let querying: Querying;
beforeAll(async () => {
  querying = await Querying.start(begin());
});
afterAll(() => querying.close());

const ALWAYS = { valid_from: '0001-01-01 00:00:00.000', valid_to: '9999-12-31 00:00:00.000' };

test('every row goes to the owner of its sub account on the day its charge begins, or to nobody', async () => {
  const owners: OwnerLine[] = [
    {
      sub_account_id: '1',
      provider_name: 'AWS',
      ...ALWAYS,
      valid_to: '2025-03-10 00:00:00.000',
      owner: 'cus_a',
      shard: 0,
    },
    {
      sub_account_id: '1',
      provider_name: 'AWS',
      ...ALWAYS,
      valid_from: '2025-03-10 00:00:00.000',
      owner: 'cus_b',
      shard: 1,
    },
    { sub_account_id: '1', provider_name: 'Azure', ...ALWAYS, owner: 'partner', shard: 2 },
    { sub_account_id: '1', provider_name: '', ...ALWAYS, owner: 'cus_c', shard: 3 },
  ];
  const at = (ChargePeriodStart: string, change: object = {}) => ({ SubAccountId: '1', ChargePeriodStart, ...change });
  const delivered = await begin().receiveFile(
    'acme/owners.csv',
    bill([
      at('2025-03-09T23:59:59Z'),
      at('2025-03-10T00:00:00Z'),
      at('2025-03-01', { ProviderName: 'Azure' }),
      at('2025-03-02', { ProviderName: 'NULL' }),
      at('2025-03-03', { SubAccountId: '' }),
      at('2025-03-04', { SubAccountId: '001' }),
      at('2025-03-05', { BillingPeriodStart: '2025-02-28T23:00:00-01:00' }),
    ]),
  );
  const rows = await querying.split(delivered, '2025-03', owners);
  const owned = rows.map((row) => [row.chargeperiodstart?.slice(8, 10), row.x_owner, row.shard]);
  expect(owned.sort()).toEqual([
    ['01', 'partner', '2'],
    ['02', 'cus_c', '3'],
    ['03', 'unassigned', '7'],
    ['04', 'unassigned', '7'],
    ['05', 'cus_a', '0'],
    ['09', 'cus_a', '0'],
    ['10', 'cus_b', '1'],
  ]);
});
