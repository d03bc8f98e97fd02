import { expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { RunId } from '../../../lib/domain/ids.ts';
import { SPLIT_COLUMNS } from '../../../lib/focus/split-columns.ts';
import { createDeliveredTable } from '../../../lib/sources/create-delivered-table.ts';
import { measureStatement } from '../../../lib/sources/measure-statement.ts';
import { splitSelect } from '../../../lib/sources/split-select.ts';

const TEXT = [
  'billedCost',
  'BillingCurrency',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'ListCost',
  'SubAccountId',
  'ServiceProviderName',
  'x_Nobody',
];
const textBill = { columns: TEXT.map((name) => ({ name, type: 'VARCHAR' })) };
const typedBill = {
  columns: [
    { name: 'BilledCost', type: 'DOUBLE' },
    { name: 'BillingCurrency', type: 'VARCHAR' },
    { name: 'BillingPeriodStart', type: 'TIMESTAMP' },
    { name: 'ChargeCategory', type: 'VARCHAR' },
    { name: 'ChargePeriodStart', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'ContractedCost', type: 'DECIMAL(38,18)' },
    { name: 'EffectiveCost', type: 'DOUBLE' },
    { name: 'ListCost', type: 'BIGINT' },
    { name: 'ProviderName', type: 'VARCHAR' },
    { name: 'ServiceProviderName', type: 'VARCHAR' },
    { name: 'SubAccountId', type: 'BIGINT' },
    { name: 'Tags', type: 'MAP(VARCHAR, VARCHAR)' },
    { name: 'x_UsageType', type: 'VARCHAR' },
  ],
};
const period = BillingPeriod.parse('2025-03');
const runId = RunId.parse(`run_${'a'.repeat(40)}`);
const tableName = 'delivered_run_a';

test.each([
  ['text', textBill],
  ['typed', typedBill],
])('the statements over a bill of %s columns are these', async (name, bill) => {
  const location = 's3://lake/runs/run_a/delivered/';
  const statements = [
    createDeliveredTable({ bill, tableName, location }),
    measureStatement({ bill, tableName, period }),
    splitSelect({ bill, tableName, runId, period, unassignedShard: 3 }),
  ];
  await expect(`${statements.join('\n;\n\n')}\n`).toMatchFileSnapshot(`./golden/${name}-bill.sql`);
});

test('the split answers the columns that the split table has, in order, and the shard last', () => {
  const select = splitSelect({ bill: textBill, tableName, runId, period, unassignedShard: 3 });
  const outer = select.slice(0, select.indexOf('FROM ('));
  expect([...outer.matchAll(/ AS (\w+),?$/gm)].map(([, name]) => name)).toEqual([
    ...Object.keys(SPLIT_COLUMNS),
    'shard',
  ]);
});

test('measuring and splitting share no expression over a delivered column of money', () => {
  const measure = measureStatement({ bill: textBill, tableName, period });
  const select = splitSelect({ bill: textBill, tableName, runId, period, unassignedShard: 3 });
  for (const line of select.split('\n').filter((text) => /Cost" */i.test(text)))
    expect(measure).not.toContain(line.trim());
});

test('a statement stays far below the 262,144 bytes that Athena takes', () => {
  const bill = { columns: Object.keys(SPLIT_COLUMNS).map((name) => ({ name, type: 'VARCHAR' })) };
  expect(splitSelect({ bill, tableName, runId, period, unassignedShard: 3 }).length).toBeLessThan(32_768);
  expect(measureStatement({ bill, tableName, period }).length).toBeLessThan(32_768);
});
