// Prints `N passed, N failed, N skipped` from vitest's JSON report and the simulator's; fails where one of them executed nothing.
import { existsSync, readFileSync } from 'node:fs';

function read(name) {
  const file = new URL(`../.cache/${name}`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

const tests = read('vitest.json');
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = tests;
const failedFiles = (tests.testResults ?? []).filter(
  (one) => one.status === 'failed' && one.assertionResults.length === 0,
);
// A sequence counts as a test, and so does each class of faults that never occurred.
const { passed: sequences = 0, failed: broken = 0, missing = [] } = read('simulator.json');
const silent = [
  ['vitest', numPassedTests + numFailedTests],
  ['the simulator', sequences + broken],
].filter(([, executed]) => executed === 0);
for (const [name] of silent) console.log(`${name} has executed nothing`);

const passed = numPassedTests + sequences;
const failed = numFailedTests + failedFiles.length + broken + missing.length + silent.length;
console.log(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exit(failed === 0 ? 0 : 1);
