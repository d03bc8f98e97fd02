import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Precedence } from '../../../lib/domain/settings.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import type { CommitmentPolicies } from '../../../lib/rules/commitments/commitment-policies.ts';
import { compileRules } from '../../../lib/rules/compile-rules.ts';
import { customerLedger } from '../../../lib/rules/customer-ledger.ts';
import { CONTOSO } from './delivered-table.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { shapeOf } from './shape-of.ts';
import { stored } from './stored.ts';

const POLICIES: CommitmentPolicies = new Map([[CONTOSO, { policy: 'share', percent: '50' }]]);

/** Rules that carry `texts` wherever a rule may carry the user's words. */
function rulesWith(texts: readonly string[]): readonly StoredRule[] {
  const [name = '', value = '', other = '', key = '', wildcard = ''] = texts;
  const filter = {
    all: [
      { field: 'ServiceName', op: 'in', values: [value, other] },
      { field: 'ResourceId', op: 'startsWith', values: [value] },
      { not: { field: 'Tags', key: key || 'k', op: 'contains', values: [other] } },
      {
        any: [
          { field: 'RegionId', op: 'wildcard', values: [wildcard] },
          { field: 'SkuId', op: 'notIn', values: [value] },
        ],
      },
    ],
  };
  return stored(
    { type: 'adjust_to_list', name: name || 'n', filter },
    { type: 'back_out', filter },
    { type: 'rerate', base: 'billed_cost', offsetPercent: '5', filter },
    { type: 'fixed_rate', rate: '0.5', pricingUnit: value || 'u', filter },
    {
      type: 'tiered_rate',
      tiers: [{ from: '0', rate: '1' }],
      pricingUnit: value || 'u',
      aggregate: 'sub_account',
      filter,
    },
  );
}

describe('The shape of a statement', () => {
  const statementsOf = (texts: readonly string[]) => {
    const [name = ''] = texts;
    const rules = rulesWith(texts);
    return Precedence.options.flatMap((precedence) => {
      const { mostRules, priced, waterfall } = compileRules(rules, { precedence, policies: POLICIES, runId: 'run_1' });
      const steps = mostRules === undefined ? 1 : 3;
      const form = { precedence, hasPolicies: true };
      const ledger = customerLedger({ partnerName: name, customers: [{ id: CONTOSO, name }], rules, form });
      return [...(mostRules === undefined ? [] : [mostRules]), priced(steps), ...waterfall(steps), ledger];
    });
  };

  test('never depends on what a value says', () => {
    const plain = statementsOf(['a', 'b', 'c', 'd', 'e']).map(shapeOf);
    const anyText = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\u0000')),
    );
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 5, maxLength: 5 }), (texts) => {
        expect(statementsOf(texts).map(shapeOf)).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps to what both engines read: no DECIMAL literal, no division, no nested CASE in an ELSE', () => {
    for (const statement of statementsOf(['a', 'b', 'c', 'd', 'e'])) {
      const shape = shapeOf(statement).join(' ');
      expect(/DECIMAL text|ELSE CASE| \/ |EXCLUDE|QUALIFY|ILIKE/.exec(shape)?.[0]).toBeUndefined();
    }
  });
});
