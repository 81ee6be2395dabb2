import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import type { SqlValue, StatementResult } from '../../protocol/values.ts'
import { LiveQuery } from './live-query.ts'

function resultOf(rows: readonly SqlValue[][], columns = ['id', 'title']): StatementResult {
  return { columns, rows, changes: 0, lastInsertRowid: 0 }
}

describe('P1.2 what a live query tells', () => {
  test('is the difference: of 1,000 rows with one changed a hundredth of the bytes', () => {
    const query = new LiveQuery({ type: 'live', n: 1, sql: 'select' })
    const rows = Array.from({ length: 1000 }, (_, i): SqlValue[] => [i, `title number ${i}`])
    const first = query.succeeded(resultOf(rows), 1, undefined)
    const changed = rows.with(500, [500, 'another title'])
    const second = query.succeeded(resultOf(changed), 2, undefined)
    expect(second?.parts).toEqual([
      { from: 0, count: 500 },
      { rows: [[500, 'another title']] },
      { from: 501, count: 499 },
    ])
    expect(serialize(second).length * 100).toBeLessThan(serialize(first).length)
  })

  test('is everything where the columns are others, also without rows', () => {
    const query = new LiveQuery({ type: 'live', n: 1, sql: 'select' })
    query.succeeded(resultOf([[1, 'a']]), 1, undefined)
    const wider = query.succeeded(resultOf([[1, 'a', null]], ['id', 'title', 'x']), 2, undefined)
    expect(wider).toMatchObject({ columns: ['id', 'title', 'x'], parts: [{ rows: [[1, 'a', null]] }] })
    expect(query.succeeded(resultOf([], ['id', 'title', 'x']), 3, undefined)?.parts).toEqual([])
    expect(query.succeeded(resultOf([]), 4, undefined)).toMatchObject({ columns: ['id', 'title'] })
    expect(query.succeeded(resultOf([]), 5, undefined)).toBeUndefined()
  })
})
