import { expect, test } from 'vitest'
import { formatTable, formatValue } from './table.ts'

test('a table is Markdown, and its columns stand under each other', () => {
  expect(
    formatTable([
      ['peer', 'median'],
      ['tutti', '2.00 ms'],
    ]).split('\n'),
  ).toEqual(['| peer  |  median |', '| ----- | ------: |', '| tutti | 2.00 ms |'])
})

test('a value has three digits and its unit, and a missing one a dash', () => {
  expect([0.0123, 1.234, 12.34, 1234.5].map((value) => formatValue(value, 'ms'))).toEqual([
    '0.012 ms',
    '1.23 ms',
    '12.3 ms',
    '1235 ms',
  ])
  expect(formatValue(Number.NaN, '/s')).toBe('–')
  expect(formatValue(0, '×')).toBe('0 ×')
})
