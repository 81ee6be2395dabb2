import { expect, test } from 'vitest'
import { formatRatios, formatTable, median, quantile } from './figure.ts'

test('a median and a quantile lie between their neighbours, whatever the order', () => {
  expect(median([9, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(
    quantile(
      Array.from({ length: 21 }, (_, n) => 20 - n),
      0.95,
    ),
  ).toBe(19)
  expect(median([])).toBeNaN()
})

test('a table names how many samples each line rests on', () => {
  expect(formatTable([{ name: 'write', samples: [1, 2, 3] }]).split('\n')).toEqual([
    '       n   median      p95',
    'write  3  2.00 ms  2.90 ms',
  ])
})

test('ratios have two decimals', () => {
  expect(formatRatios([{ name: 'a to b', value: 1 / 3 }])).toMatch(/a to b +0\.33$/)
})
