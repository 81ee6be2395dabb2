/**
 * @typedef {object} Report what is used of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly ReportedFile[]} testResults
 */

/**
 * @typedef {object} ReportedFile
 * @property {string} name its path
 * @property {string} status
 * @property {string} [message] why the file itself failed: it did not load
 * @property {readonly { fullName: string, status: string, failureMessages?: readonly string[] | null }[]} assertionResults its tests
 */

/**
 * @typedef {object} Part what a part of a command adds to its end
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} failures what failed and why, some lines each
 */

/** Of a failure's message: the rest is further up, in the output of the test run itself. */
const shownLines = 12

/**
 * What a run of vitest adds to the end of a command. A skipped test counts as failed: this house has none. So
 * does a run that failed outside any test, in a file that did not load, or wrote no report at all.
 *
 * @param {number} exitCode
 * @param {Report | undefined} report
 * @returns {Part}
 */
export function tally(exitCode, report) {
  if (report === undefined)
    return { passed: 0, failed: 1, failures: [`vitest wrote no report (exit code ${exitCode})`] }
  const failures = report.testResults.flatMap(failuresOf)
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests
  const unseen = failed === 0 && (exitCode !== 0 || report.numPassedTests === 0)
  if (unseen && failures.length === 0)
    failures.push(`vitest failed outside any test (exit code ${exitCode}, ${report.numPassedTests} passed)`)
  return { passed: report.numPassedTests, failed: unseen ? 1 : failed, failures }
}

/** @param {ReportedFile} file */
function failuresOf(file) {
  const tests = file.assertionResults.filter(({ status }) => status !== 'passed')
  if (tests.length === 0) return file.status === 'failed' ? [described(file.name, file.message)] : []
  return tests.map(({ fullName, status, failureMessages }) =>
    described(`${file.name}: ${fullName} (${status})`, failureMessages?.join('\n')),
  )
}

/** @param {string} title @param {string | undefined} why */
function described(title, why = '') {
  return [title, ...why.split('\n').slice(0, shownLines)].join('\n  ').trimEnd()
}
