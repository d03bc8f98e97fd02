import { defineConfig } from 'vitest/config';

/** Tests mirror the folders they test; journeys share one machine, so files run on as many workers as there are cores. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
