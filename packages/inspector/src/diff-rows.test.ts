import { expect, it } from 'vitest'
import { diffRows, isSameRow, type Row } from './diff-rows.ts'

const marks = (before: readonly Row[], after: readonly Row[]) =>
  diffRows(before, after).map((mark) => (mark === 'new' ? 'new' : [...mark]))

it('matches rows by a first column that names them, wherever they moved', () => {
  const before = [
    [1, 'a', null],
    [2, 'b', null],
  ]
  const after = [
    [3, 'c', null],
    [2, 'B', 5],
    [1, 'a', null],
  ]
  expect(marks(before, after)).toEqual(['new', [1, 2], []])
})

it('matches whole rows where the first column repeats', () => {
  const before = [
    ['jig', 'a'],
    ['jig', 'b'],
  ]
  const after = [
    ['jig', 'a'],
    ['jig', 'a'],
    ['jig', 'b'],
  ]
  expect(marks(before, after)).toEqual([[], 'new', []])
})

it('tells values of different types apart', () => {
  expect(marks([['k', 1]], [['k', '1']])).toEqual([[1]])
  expect(marks([['k', null]], [['k', 'null']])).toEqual([[1]])
  expect(marks([['1'], ['1']], [[1], ['1']])).toEqual(['new', []])
})

it('compares blobs by content', () => {
  const blob = (...bytes: number[]) => new Uint8Array(bytes)
  expect(marks([[1, blob(1, 2)]], [[1, blob(1, 2)]])).toEqual([[]])
  expect(marks([[1, blob(1, 2)]], [[1, blob(1, 3)]])).toEqual([[1]])
  expect(marks([[1, blob(1, 2)]], [[1, blob(1, 2, 3)]])).toEqual([[1]])
})

it('does not join neighbouring texts into one key', () => {
  expect(marks([['a,"b', 'c'], ['x'], ['x']], [['a', 'b,c'], ['x'], ['x']])).toEqual(['new', [], []])
})

it('compares whole rows', () => {
  expect(isSameRow([1, null], [1, null])).toBe(true)
  expect(isSameRow([1], [1, null])).toBe(false)
  expect(isSameRow(undefined, [])).toBe(false)
})
