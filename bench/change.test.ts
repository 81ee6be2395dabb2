import { expect, test } from 'vitest'
import { changeOf, spreadOf } from './change.ts'

/** Rounds around a value, each up to so much off. */
function rounds(value: number, off: number, n = 9): number[] {
  return Array.from({ length: n }, (_, i) => value * (1 + off * Math.sin(i * 2.4)))
}

test('a fifth slower is told from what varies by a twentieth', () => {
  const before = spreadOf(rounds(1.4, 0.05))
  expect(changeOf(before, spreadOf(rounds(1.4 * 1.2, 0.05))).verdict).toBe('slower')
  expect(changeOf(before, spreadOf(rounds(1.4 / 1.2, 0.05))).verdict).toBe('faster')
})

test('what varies by itself is no change', () => {
  const before = spreadOf(rounds(1.4, 0.05))
  expect(changeOf(before, spreadOf(rounds(1.4, 0.05).toReversed())).verdict).toBe('same')
  expect(changeOf(before, spreadOf(rounds(1.43, 0.05))).verdict).toBe('same')
})

test('where a fifth could hide, nothing is said', () => {
  const before = spreadOf(rounds(1.4, 0.6))
  expect(changeOf(before, spreadOf(rounds(1.5, 0.6))).verdict).toBe('unclear')
})

test('a spread encloses its median, and is none where nothing varies', () => {
  const { median, low, high } = spreadOf(rounds(2, 0.1))
  expect(low).toBeLessThan(median)
  expect(high).toBeGreaterThan(median)
  expect(spreadOf([3, 3, 3])).toEqual({ median: 3, low: 3, high: 3 })
})
