import { defineConfig } from 'vitest/config';

/** The tests of rules on two engines: one file after the other, since Trino's tables have one name each. */
export default defineConfig({
  test: {
    include: [
      ...['golden-examples', 'precedence', 'tiered-rate', 'commitments', 'customer-ledger', 'price-bill'],
      'wide-filters',
    ].map((name) => `tests/lib/rules/${name}.test.ts`),
    setupFiles: ['tests/judges/sql/on-two-engines.ts'],
    testTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
    pool: 'forks',
  },
});
