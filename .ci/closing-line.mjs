// Prints `N passed, N failed, N skipped` from vitest's JSON reports, of the tests and of the judges; fails where one of
// them executed nothing.
import { existsSync, readFileSync } from 'node:fs';

const reports = ['vitest.json', 'judges.json'].map((name) => countsOf(new URL(`../.cache/${name}`, import.meta.url)));
const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((of) =>
  reports.reduce((sum, counts) => sum + counts[of], 0),
);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && reports.every((counts) => counts.passed > 0) ? 0 : 1);

/** Counts of one report; nothing where it was not written. A file that could not be read at all is one failure. */
function countsOf(file) {
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = report;
  const failedFiles = testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  return {
    passed: numPassedTests,
    failed: numFailedTests + failedFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
}
