import { defineConfig } from 'vitest/config';
import { longestFirst } from './tests/longest-first.ts';

const LONGEST = [
  'tests/journeys/killed.test.ts',
  'tests/oracle/against-the-product.test.ts',
  'tests/journeys/many-files.test.ts',
  'tests/oracle/metamorphic/metamorphic.test.ts',
  'tests/journeys/many-sub-accounts.test.ts',
];

/** Tests mirror the folders they test. The JSON report is what `.ci/run` counts. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One more than CI has processors: journeys wait for heartbeats and queues much of their time.
    maxWorkers: 3,
    sequence: { sequencer: longestFirst(LONGEST) },
    pool: 'forks',
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/vitest.json' },
  },
});
