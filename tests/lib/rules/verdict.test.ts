import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Precedence } from '../../../lib/domain/settings.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { rowRulesInOrder } from '../../../lib/rules/compile-rules.ts';
import { judgeRules } from '../../../lib/rules/verdict.ts';
import { CONTOSO, inMemory, openForRules, type RowOfTest } from './delivered-table.ts';
import { price } from './priced.ts';
import { anyRow } from './random-filters.ts';
import { anyRule } from './random-rules.ts';
import { stored } from './stored.ts';

/** Random filters seldom match: two rules in three have none. */
const anyOften = fc
  .tuple(anyRule, fc.nat(2))
  .map(([rule, filtered]) => (filtered === 0 ? rule : { ...rule, filter: undefined }));

/** Chains of rules that each take a hundredfold stay within DECIMAL(28,12). */
const PLAIN: RowOfTest = {
  ...{ x_RowId: 'row', x_Owner: CONTOSO, ChargePeriodStart: '2025-03-15 00:00:00.000' },
  ...{ BilledCost: '80', EffectiveCost: '80', ContractedCost: '80', ListCost: '100' },
  ...{ ContractedUnitPrice: '8', ListUnitPrice: '10' },
};

describe('What is said of a rule on a row', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test.each(Precedence.options)(
    'is what the compiled rules did, under %s',
    { timeout: 120_000 },
    async (precedence) => {
      let applied = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyOften, { minLength: 1, maxLength: 6 }), anyRow, async (wire, any) => {
          const row = { ...any, ...PLAIN, PricingQuantity: any.PricingQuantity ? '10' : null };
          const rules = stored(...wire);
          const { waterfall } = await price(database, rules, [row], precedence);
          const acted = waterfall.filter((entry) => entry.x_Applied === 'true').map((entry) => entry.x_BillingRuleId);
          const judged = judgeRules(rowRulesInOrder(rules), inMemory(row), precedence);
          const said = judged.filter(({ verdict }) => verdict.kind === 'applied').map((one) => String(one.stored.id));
          applied += said.length;
          expect(said.sort()).toEqual(acted.sort());
        }),
        { numRuns: 40, seed: 6 },
      );
      expect(applied).toBeGreaterThan(20);
    },
  );
});
