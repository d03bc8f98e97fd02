import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../lib/ports/database.ts';
import { openForRules } from './delivered-table.ts';
import { price } from './priced.ts';
import { stored } from './stored.ts';

let database: Database;
beforeAll(async () => {
  database = await openForRules();
});
afterAll(() => database.close());

const costs = { BilledCost: '100', EffectiveCost: '100', ContractedCost: '100', ListCost: '100' };

test('three hundred rules for named customers and services price a bill in half a gigabyte', async () => {
  const customers = Array.from({ length: 13 }, (_, index) => `cus_${String(index).padStart(12, '0')}`);
  const rules = Array.from({ length: 300 }, (_, index) => ({
    ...{ type: 'rerate', base: 'billed_cost', offsetPercent: String(index), customers },
    filter: {
      all: [
        { field: 'ServiceName', op: 'in', values: Array.from({ length: 20 }, (_, one) => `service ${index}-${one}`) },
        { field: 'ChargeDescription', op: 'notIn', values: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      ],
    },
  }));
  const rows = rules.map((_, index) => ({
    ...costs,
    x_RowId: String(index).padStart(3, '0'),
    x_Owner: customers[index % 13] ?? null,
    ServiceName: `service ${index}-7`,
  }));
  const { priced } = await price(database, stored(...rules), rows);
  expect(priced.map(({ x_RuleNumber }) => x_RuleNumber)).toEqual(rules.map((_, index) => String(index + 1)));
});

/** Trino's compiler takes no such chain (docs/proof.md): workers, which price by rules, run DuckDB. */
test.each(['first_match', 'independent', 'sequential'] as const)(
  '%s: a hundred rules on every row price it in half a gigabyte, each with its own delta',
  async (precedence) => {
    const rules = Array.from({ length: 100 }, (_, at) => ({
      ...{ type: 'rerate', base: 'billed_cost', offsetPercent: at % 2 === 0 ? '1' : '-1' },
    }));
    const { waterfall } = await price(database, stored(...rules), [{ ...costs, x_RowId: 'row' }], precedence);
    expect(waterfall).toHaveLength(precedence === 'first_match' ? 1 : 100);
  },
);

test('sequential: the tenth of ten rules in a chain adds a tenth of what nine have left, and the waterfall says so', async () => {
  const tenPercent = { type: 'rerate', base: 'billed_cost', offsetPercent: '10' };
  const rules = stored(...Array.from({ length: 10 }, () => tenPercent));
  const { priced, waterfall } = await price(database, rules, [{ ...costs, x_RowId: 'row' }], 'sequential');
  const deltaOf = (rule: string) =>
    waterfall.filter(({ x_BillingRuleName }) => x_BillingRuleName === rule).map((row) => row.x_BilledCostDelta);
  expect(priced.map((row) => row.x_ChargedBilledCost)).toEqual(['259.374246010000000000']);
  expect(deltaOf('Rule 9')).toEqual(['21.435888100000000000']);
  expect(deltaOf('Rule 10')).toEqual(['23.579476910000000000']);
  expect(waterfall).toHaveLength(10);
});
