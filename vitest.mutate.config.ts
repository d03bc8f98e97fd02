import { defineConfig } from 'vitest/config';

/** The quick tests that judge rules and decimals: what `npm run mutate` asks of every change to them. */
export default defineConfig({
  test: {
    include: [
      'tests/lib/rules/golden-examples.test.ts',
      'tests/lib/rules/compile-rules.test.ts',
      'tests/lib/sql/sql.test.ts',
      'tests/oracle/few-cases.mutate.ts',
    ],
    bail: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
