import { defineConfig } from 'vitest/config';

/** Tests mirror the folders they test. The JSON report is what `.ci/run` counts. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Stand-ins keep AWS's time in real time: on a shared machine a visibility of one second can pass before its reader.
    retry: 1,
    maxWorkers: 2,
    pool: 'forks',
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/vitest.json' },
  },
});
