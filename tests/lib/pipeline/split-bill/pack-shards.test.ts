import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { type ControlTotal, perCost } from '../../../../lib/pipeline/split-bill/control-totals.ts';
import { planOwners } from '../../../../lib/pipeline/split-bill/owner-lines.ts';
import { packShards } from '../../../../lib/pipeline/split-bill/pack-shards.ts';
import type { OwnedDays } from '../../../../lib/pipeline/split-bill/resolve-owners.ts';

const period = BillingPeriod.parse('2025-03');

describe('Packing owners into shards', () => {
  test('an empty bill needs no shard, a small one needs one', () => {
    expect(packShards([], 100).count).toBe(0);
    expect(packShards([{ owner: 'cus_a', subAccount: '1', rows: 3 }], 100).count).toBe(1);
  });

  test('all rows of a customer go to one shard, unassigned rows may be parted by sub account', () => {
    const parts = (owner: string) =>
      Array.from({ length: 6 }, (_, n) => ({ owner, subAccount: `${owner}-${n}`, rows: 100 }));
    const packed = packShards([...parts('cus_a'), ...parts('unassigned')], 200);
    const shardsOf = (owner: string) =>
      new Set(parts(owner).map(({ subAccount }) => packed.shardOf(owner, subAccount)));
    expect(shardsOf('cus_a').size).toBe(1);
    expect(shardsOf('unassigned').size).toBe(3);
    expect(packed.count).toBe(4);
  });

  test('there are at most 64 shards, every one is used, and none holds more than its share and one customer', async () => {
    const owned = fc.array(
      fc.record({
        owner: fc.integer({ min: 0, max: 80 }).map((n) => (n === 0 ? 'unassigned' : n === 1 ? 'partner' : `cus_${n}`)),
        subAccount: fc.integer({ min: 0, max: 300 }).map(String),
        rows: fc.integer({ min: 1, max: 5000 }),
      }),
      { minLength: 1, maxLength: 120 },
    );
    await fc.assert(
      fc.property(owned, (all) => {
        const distinct = [...new Map(all.map((one) => [`${one.owner}/${one.subAccount}`, one])).values()];
        const packed = packShards(distinct, 1000);
        const load = new Array<number>(packed.count).fill(0);
        for (const { owner, subAccount, rows } of distinct) {
          const shard = packed.shardOf(owner, subAccount);
          load[shard] = (load[shard] ?? Number.NaN) + rows;
        }
        const customers = [...Map.groupBy(distinct, ({ owner }) => owner).values()];
        const largest = Math.max(...customers.map((parts) => parts.reduce((sum, { rows }) => sum + rows, 0)));
        const total = load.reduce((sum, rows) => sum + rows, 0);
        expect(packed.count).toBeLessThanOrEqual(64);
        expect(Math.min(...load)).toBeGreaterThan(0);
        expect(Math.max(...load)).toBeLessThanOrEqual(total / packed.count + largest);
      }),
    );
  });
});

describe('The lines of the table owners', () => {
  const total = (SubAccountId: string | null, ProviderName: string | null, rows: number): ControlTotal => ({
    BillingCurrency: 'USD',
    SubAccountId,
    ProviderName,
    rows,
    costs: perCost(() => ({ rounded: '0', exact: '0', nulls: 0 })),
  });
  const moved: OwnedDays[] = [
    { owner: 'partner', from: null, to: '2025-03-11' },
    { owner: 'unassigned', from: '2025-03-11', to: null },
  ];

  test('name the delivered spelling, cover all time once, and leave rows without a sub account to the default', () => {
    const { lines, unassignedShard } = planOwners(
      [total('Sub-1', null, 310), total('Sub-1', 'AWS', 10), total(null, 'AWS', 5)],
      ({ ProviderName }) => (ProviderName === null ? moved : [{ owner: 'partner', from: null, to: null }]),
      { period, rowsPerShard: 1000 },
    );
    expect(lines).toEqual([
      {
        sub_account_id: 'Sub-1',
        provider_name: '',
        valid_from: '0001-01-01 00:00:00.000',
        valid_to: '2025-03-11 00:00:00.000',
        owner: 'partner',
        shard: 0,
      },
      {
        sub_account_id: 'Sub-1',
        provider_name: '',
        valid_from: '2025-03-11 00:00:00.000',
        valid_to: '9999-12-31 00:00:00.000',
        owner: 'unassigned',
        shard: 0,
      },
      {
        sub_account_id: 'Sub-1',
        provider_name: 'AWS',
        valid_from: '0001-01-01 00:00:00.000',
        valid_to: '9999-12-31 00:00:00.000',
        owner: 'partner',
        shard: 0,
      },
    ]);
    expect(unassignedShard).toBe(0);
  });

  test('the rows of a sub account that moved are estimated by its days', () => {
    const { owned } = planOwners([total('1', null, 310)], () => moved, { period, rowsPerShard: 1000 });
    expect(owned.map(({ owner, rows }) => [owner, rows])).toEqual([
      ['partner', 100],
      ['unassigned', 210],
    ]);
  });
});
