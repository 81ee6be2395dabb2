import { expect, it } from 'vitest'
import type { SqlValue, StatementResult } from '../protocol/values.ts'
import { LARGEST_STORED_RESULT, restoreResults, storeResults } from './stored-results.ts'

function resultOf(...rows: SqlValue[][]): StatementResult {
  return { columns: ['a'], rows, changes: rows.length, lastInsertRowid: 7 }
}

it('R14: results come back as they were, whatever SQLite can hold', () => {
  const values = [
    null,
    0,
    -0,
    1.5,
    1e300,
    Infinity,
    -Infinity,
    '',
    '"ä𝄞\0',
    2n ** 63n - 1n,
    new Uint8Array(),
    Uint8Array.of(0, 200),
  ]
  const results = [resultOf(...values.map((value) => [value])), { ...resultOf(), lastInsertRowid: 2n ** 60n }]
  expect(restoreResults(storeResults(results) ?? '')).toEqual(results)
})

it('R14: what is larger than 64 KiB is not kept, in one value or in many', () => {
  expect(storeResults([resultOf(['x'.repeat(LARGEST_STORED_RESULT)])])).toBeNull()
  expect(storeResults([resultOf([new Uint8Array(LARGEST_STORED_RESULT)])])).toBeNull()
  expect(
    storeResults(Array.from({ length: 9 }, () => resultOf(['x'.repeat(LARGEST_STORED_RESULT / 8)]))),
  ).toBeNull()
  expect(storeResults([resultOf(['x'.repeat(LARGEST_STORED_RESULT / 2)])])).not.toBeNull()
})

it('R14: results of a batch without rows are kept as long as they fit', () => {
  const results = (count: number) =>
    Array.from({ length: count }, () => ({ columns: [], rows: [], changes: 1, lastInsertRowid: 1 }))
  expect(storeResults(results(5461))).toHaveLength(LARGEST_STORED_RESULT - 3)
  expect(storeResults(results(5462))).toBeNull()
})
