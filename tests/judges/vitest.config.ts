import { defineConfig } from 'vitest/config';
import { longestFirst } from '../longest-first.ts';

const JUDGES = ['sql', 'output', 'deploy', 'api', 'stand-ins', 'template'].map((name) => `${name}.judge.ts`);

/** The judges: apart from the tests, since they fetch software and take minutes. */
export default defineConfig({
  test: {
    include: ['tests/judges/*.judge.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(JUDGES) },
    pool: 'forks',
    reporters: ['verbose', 'json'],
    outputFile: { json: '.cache/judges.json' },
  },
});
