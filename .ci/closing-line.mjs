// Prints `N passed, N failed, N skipped` from vitest's JSON report; fails where no test was executed.
import { existsSync, readFileSync } from 'node:fs';

const file = new URL('../.cache/vitest.json', import.meta.url);
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests = 0, numTodoTests = 0 } = report;
const failedFiles = (report.testResults ?? []).filter(
  (one) => one.status === 'failed' && one.assertionResults.length === 0,
);
const failures = failed + failedFiles.length;
console.log(`${passed} passed, ${failures} failed, ${numPendingTests + numTodoTests} skipped`);
process.exit(passed > 0 && failures === 0 ? 0 : 1);
