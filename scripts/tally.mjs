/**
 * @typedef {object} Report what is used of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 */

/**
 * What a run of vitest adds to the closing line. A skipped test counts as failed: this house has none. So
 * does a run that failed outside any test, in a file that did not load, or wrote no report at all.
 *
 * @param {number} exitCode
 * @param {Report | undefined} report
 * @returns {{ passed: number, failed: number }}
 */
export function tally(exitCode, report) {
  if (report === undefined) return { passed: 0, failed: 1 }
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests
  const unseen = failed === 0 && (exitCode !== 0 || report.numPassedTests === 0)
  return { passed: report.numPassedTests, failed: unseen ? 1 : failed }
}
