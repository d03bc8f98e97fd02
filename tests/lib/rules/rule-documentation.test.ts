import { describe, expect, test } from 'vitest';
import { BillingRule } from '../../../lib/domain/billing-rule.ts';
import { RULE_DOCUMENTATION, ruleTypesPage } from '../../../lib/rules/rule-documentation.ts';

describe('The page about the types of rules', () => {
  test('is the one in docs', async () => {
    await expect(ruleTypesPage()).toMatchFileSnapshot('../../../docs/rule-types.md');
  });

  test.each(Object.entries(RULE_DOCUMENTATION))(
    'shows a rule of type %s that is one, and every field it has',
    (type, { example, fields }) => {
      const rule = BillingRule.parse(example);
      expect(rule.type).toBe(type);
      const common = ['name', 'type', 'enabled', 'startDate', 'endDate', 'customers', 'filter'];
      const own = BillingRule.options.find((option) => option.shape.type.value === type);
      expect(fields.map(([name]) => name).sort()).toEqual(
        Object.keys(own?.shape ?? {})
          .filter((name) => !common.includes(name))
          .sort(),
      );
    },
  );
});
