import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../lib/ports/database.ts';
import { openForRules, type RowOfTest } from './delivered-table.ts';
import { amount, price } from './priced.ts';
import { stored } from './stored.ts';

const ROW: RowOfTest = {
  ...{ x_RowId: 'row', ServiceName: 'Compute Engine', PricingUnit: 'Hours', PricingQuantity: '10' },
  ...{ BilledCost: '80', EffectiveCost: '80', ContractedCost: '80', ListCost: '100' },
};
const TO_LIST = { type: 'adjust_to_list' };
const PRECEDENCES = ['first_match', 'independent', 'sequential'] as const;

describe('Rules leave alone', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test.each(PRECEDENCES)('what is the partner’s or nobody’s, %s', async (precedence) => {
    const rules = [TO_LIST, { type: 'rerate', base: 'billed_cost', offsetPercent: '10' }, { type: 'back_out' }];
    const rows = ['partner', 'unassigned'].map((x_Owner) => ({ ...ROW, x_RowId: x_Owner, x_Owner }));
    const { priced, waterfall } = await price(database, stored(...rules), rows, precedence);
    expect(waterfall).toEqual([]);
    for (const row of priced) {
      expect(amount(row, 'x_ChargedBilledCost')).toBe('80');
      expect(row).toMatchObject({
        x_Removed: 'false',
        ...(precedence === 'first_match' ? { x_RuleNumber: null } : { x_RuleNumbers: '[]' }),
      });
    }
  });

  test.each(PRECEDENCES)('every row where there are none, %s', async (precedence) => {
    const { priced, waterfall } = await price(database, [], [ROW], precedence);
    expect(waterfall).toEqual([]);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe('80');
  });

  test('a commitment that a back-out to zero follows on a list price: nobody is charged for it twice', async () => {
    const used = { ...ROW, CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Used' };
    const bought = {
      ...{ ...ROW, x_RowId: 'p', ServiceName: 'Savings Plans' },
      ...{ ChargeCategory: 'Purchase', CommitmentDiscountId: 'sp-1' },
    };
    const zero = {
      ...{ type: 'back_out', mode: 'zero' },
      filter: { field: 'ServiceName', op: 'in', values: ['Compute Engine'] },
    };
    const warned = async (...rules: readonly Readonly<Record<string, unknown>>[]) =>
      (await price(database, stored(...rules), [used, bought], 'sequential')).waterfall.flatMap(
        ({ x_WarningCode }) => x_WarningCode ?? [],
      );
    expect(await warned(TO_LIST)).toEqual(['commitment_charged_twice']);
    expect(await warned(TO_LIST, zero)).toEqual([]);
  });
});
