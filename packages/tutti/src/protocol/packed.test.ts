import { describe, expect, test } from 'vitest'
import type { Call } from './call.ts'
import {
  packCall,
  packResults,
  unpackCall,
  unpackResults,
  wireCallSchema,
  wireResultsSchema,
} from './packed.ts'
import type { Param, Statement, StatementResult } from './values.ts'

const insert = (...params: Param[]): Statement => ({ sql: 'insert', params })
const rows = (count: number) => Array.from({ length: count }, (_, i) => insert(i, `row ${i}`, null))
const batch = (...statements: Statement[]): Call => ({ op: 'batch', statements })

/** A wire call whose values are as another tab might send them. */
const packed = (runs: { sql: string; count: number; width: number }[], values: Param[]) =>
  wireCallSchema.accepts({ op: 'packed', runs, values })

describe('a call on the wire', () => {
  test.each<[string, Call]>([
    ['a batch of rows', batch(...rows(100))],
    [
      'rows of two tables',
      batch(...rows(40), ...rows(40).map(({ params = [] }) => ({ sql: 'other', params }))),
    ],
    [
      'rows of other lengths',
      batch(...rows(40), ...Array.from({ length: 20 }, () => insert(1n, new Uint8Array(3)))),
    ],
    [
      'a batch in a transaction',
      { op: 'in-transaction', tx: 't', call: { op: 'batch', statements: rows(100) } },
    ],
  ])('is packed, and the same when it is unpacked: %s', (_, call) => {
    const wire = packCall(call)
    expect(JSON.stringify(wire, plain).length).toBeLessThan(JSON.stringify(call, plain).length)
    expect(wireCallSchema.accepts(wire)).toBe(true)
    expect(unpackCall(structuredClone(wire))).toEqual(call)
  })

  test.each<[string, Call]>([
    ['few statements', batch(...rows(15))],
    [
      'statements that take turns',
      batch(...rows(100).map((one, i) => (i % 2 === 0 ? one : { ...one, sql: 'b' }))),
    ],
    ['named values', batch(...rows(100).map(({ sql }) => ({ sql, params: { id: 1 } })))],
    ['statements without values', batch(...rows(100).map(({ sql }) => ({ sql })))],
    ['no batch', { op: 'script', sql: 'select 1' }],
    ['no batch in a transaction', { op: 'in-transaction', tx: 't', call: { op: 'script', sql: 'select 1' } }],
  ])('is left as it is: %s', (_, call) => {
    expect(packCall(call)).toBe(call)
    expect(unpackCall(call)).toBe(call)
  })

  test('R4 is read only where all its values are there', () => {
    expect(packed([{ sql: 'a', count: 2, width: 2 }], [1, 2, 3, 4])).toBe(true)
    expect(packed([{ sql: 'a', count: 2, width: 2 }], [1, 2, 3])).toBe(false)
    expect(packed([{ sql: 'a', count: 2, width: 1 }], [1, 2, 3])).toBe(false)
    expect(packed([{ sql: 'a', count: 2 ** 50, width: 0 }], [])).toBe(false)
  })
})

describe('results on the wire', () => {
  const written = (i: number): StatementResult => ({ columns: [], rows: [], changes: 1, lastInsertRowid: i })

  test('are two lists where no statement gave rows', () => {
    const results = Array.from({ length: 100 }, (_, i) => written(i))
    const wire = packResults(results)
    expect(wire).toMatchObject({ changes: { length: 100 } })
    expect(wireResultsSchema.accepts(wire)).toBe(true)
    expect(unpackResults(structuredClone(wire))).toEqual(results)
  })

  test('are left as they are where they are few, or one gave rows', () => {
    const few = [written(1)]
    const reading = Array.from({ length: 100 }, (_, i) => ({ ...written(i), columns: ['a'], rows: [] }))
    for (const results of [[], few, reading]) {
      expect(packResults(results)).toBe(results)
      expect(unpackResults(results)).toBe(results)
    }
  })

  test('R4 are read only where both lists are as long', () => {
    expect(wireResultsSchema.accepts({ changes: [1, 1], lastInsertRowids: [1, 2n] })).toBe(true)
    expect(wireResultsSchema.accepts({ changes: [1, 1], lastInsertRowids: [1] })).toBe(false)
  })
})

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}
