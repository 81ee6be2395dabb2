import { describe, expect, it } from 'vitest'
import { tally } from './tally.mjs'

const clean = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }

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
    expect(tally(exitCode, report)).toMatchObject(expected)
  })

  it('names each test that did not pass, with the first lines of why', () => {
    const why = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')
    const file = {
      name: 'a.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'adds', status: 'passed' },
        { fullName: 'subtracts', status: 'failed', failureMessages: [why] },
        { fullName: 'divides', status: 'skipped', failureMessages: null },
      ],
    }
    const { failures } = tally(1, { ...clean, numFailedTests: 1, numPendingTests: 1, testResults: [file] })
    expect(failures).toHaveLength(2)
    expect(failures[0]).toMatch(/^a\.test\.ts: subtracts \(failed\)\n {2}line 0\n {2}line 1\n/)
    expect(failures[0]).not.toContain('line 20')
    expect(failures[1]).toBe('a.test.ts: divides (skipped)')
  })

  it('names what failed outside any test', () => {
    const unloaded = { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }
    expect(tally(1, { ...clean, testResults: [unloaded] }).failures).toEqual(['b.test.ts\n  no such module'])
    expect(tally(1, clean).failures).toEqual(['vitest failed outside any test (exit code 1, 3 passed)'])
    expect(tally(1, undefined).failures).toEqual(['vitest wrote no report (exit code 1)'])
    expect(tally(0, clean).failures).toEqual([])
  })
})
