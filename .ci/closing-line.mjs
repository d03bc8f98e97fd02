// Prints `N passed, N failed, N skipped` from vitest's JSON reports, of the tests and of the judges, and the simulator's;
// fails where one of them executed nothing.
import { existsSync, readFileSync } from 'node:fs';

function read(name) {
  const file = new URL(`../.cache/${name}`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Counts of a report of vitest's. A file that could not be read at all is one failure. */
function testsIn(name) {
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    testResults = [],
  } = read(name);
  const unread = testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  const failed = numFailedTests + unread.length;
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

/** A sequence counts as a test, and so does each class of faults that never occurred. */
function sequences() {
  const { passed = 0, failed = 0, missing = [] } = read('simulator.json');
  return { passed, failed: failed + missing.length, skipped: 0 };
}

const counts = { vitest: testsIn('vitest.json'), 'the simulator': sequences(), 'the judges': testsIn('judges.json') };
const silent = Object.entries(counts).filter(([, { passed, failed }]) => passed + failed === 0);
for (const [name] of silent) console.log(`${name} executed nothing`);

const sum = (of) => Object.values(counts).reduce((total, one) => total + one[of], 0);
const failed = sum('failed') + silent.length;
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exit(failed === 0 ? 0 : 1);
