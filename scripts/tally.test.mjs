import { describe, expect, it } from 'vitest'
import { tally } from './tally.mjs'

const clean = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }

describe('tally', () => {
  it.each([
    ['a clean run', 0, clean, { passed: 3, failed: 0 }],
    ['failed tests', 1, { ...clean, numFailedTests: 2 }, { passed: 3, failed: 2 }],
    [
      'skipped and todo tests',
      0,
      { ...clean, numPendingTests: 1, numTodoTests: 1 },
      { passed: 3, failed: 2 },
    ],
    ['a failure outside any test', 1, clean, { passed: 3, failed: 1 }],
    ['a run without tests', 0, { ...clean, numPassedTests: 0 }, { passed: 0, failed: 1 }],
    ['no report', 0, undefined, { passed: 0, failed: 1 }],
  ])('counts %s', (_, exitCode, report, expected) => {
    expect(tally(exitCode, report)).toEqual(expected)
  })
})
