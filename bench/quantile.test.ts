import { expect, test } from 'vitest'
import { median, midmean, quantile } from './quantile.ts'

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

test('the mean of the middle half is finer than the ticks, and does not see what lies far off', () => {
  expect(midmean([0.1, 0.1, 0.1, 0.2, 0.2, 0.1, 0, 900])).toBeCloseTo(0.125)
  expect(midmean([3])).toBe(3)
  expect(midmean([])).toBeNaN()
})
