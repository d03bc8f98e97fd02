/** The quick tests that judge rules and decimals: what `npm run mutate` asks of every change to them. */
export const TEST_FILES = [
  'tests/lib/domain/decimal-text.test.ts',
  'tests/lib/sources/exact-sum.test.ts',
  'tests/lib/sql/sql.test.ts',
  'tests/lib/rules/rule-documentation.test.ts',
  'tests/lib/rules/explain-rule.test.ts',
  'tests/lib/rules/reasons.test.ts',
  'tests/lib/rules/golden-examples.test.ts',
  'tests/lib/rules/precedence.test.ts',
  'tests/lib/rules/commitments.test.ts',
  'tests/lib/rules/tiered-rate.test.ts',
  'tests/lib/rules/added-rows.test.ts',
  'tests/lib/rules/customer-ledger.test.ts',
  'tests/lib/rules/acceptance.test.ts',
  'tests/lib/rules/price-bill.test.ts',
  'tests/lib/rules/conditions.test.ts',
  'tests/oracle/few-cases.mutate.ts',
];
