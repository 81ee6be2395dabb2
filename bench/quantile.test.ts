import { expect, test } from 'vitest'
import { median, quantile } from './quantile.ts'

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
