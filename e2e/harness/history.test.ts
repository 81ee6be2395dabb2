import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../fixture/history-entry.ts'
import { checkHistory, type Row } from './history.ts'

function write(tab: string, n: number, asked: number, answered: number, version: number): HistoryEntry[] {
  const call = { tab, op: 'write', n } as const
  return [
    { ...call, type: 'invoke', at: asked },
    { ...call, type: 'ok', at: answered, version },
  ]
}

function read(tab: string, n: number, asked: number, answered: number, version: number, rows: number) {
  const call = { tab, op: 'read', n } as const
  return [
    { ...call, type: 'invoke', at: asked },
    { ...call, type: 'ok', at: answered, version, rows },
  ] satisfies HistoryEntry[]
}

const rows: readonly Row[] = [
  ['a', 1],
  ['b', 1],
  ['a', 2],
]
const sound = [...write('a', 1, 0, 10, 1), ...write('b', 1, 20, 30, 2), ...write('a', 2, 40, 50, 3)]

describe('the history checker', () => {
  test('finds nothing wrong with a history of one database', () => {
    expect(checkHistory([...sound, ...read('b', 1, 60, 70, 3, 3)], rows)).toEqual([])
    const unanswered: HistoryEntry = { tab: 'c', op: 'write', n: 1, type: 'invoke', at: 60 }
    expect(checkHistory([...sound, unanswered], rows)).toEqual([])
    expect(checkHistory([...sound, unanswered], [...rows, ['c', 1]])).toEqual([])
  })

  test('finds a row that is lost, doubled, out of order or from nowhere', () => {
    expect(checkHistory(sound, rows.slice(0, 2))).toEqual(['a write 2 was acknowledged and is lost'])
    expect(checkHistory(sound, [...rows, ['a', 2]])).toContain('a write 2 was applied twice')
    expect(checkHistory(sound, rows.toReversed())).toContain(
      'b write 1 stands before a row of an earlier version',
    )
    expect(checkHistory(sound, [...rows, ['c', 1]])).toEqual(['c write 1 was never asked for'])
  })

  test('takes rows that a killed browser could not tell of any more', () => {
    expect(checkHistory(sound, [...rows, ['a', 3]], true)).toEqual([])
    expect(checkHistory(sound, rows.slice(0, 2), true)).toEqual(['a write 2 was acknowledged and is lost'])
  })

  test('finds an answer that is older than one before it', () => {
    expect(checkHistory([...sound, ...read('b', 1, 60, 70, 2, 3)], rows)).toEqual([
      'b read 1 has version 2, asked after a write 2 had 3',
    ])
    expect(checkHistory([...sound, ...write('c', 1, 60, 70, 3)], [...rows, ['c', 1]])).toContain(
      'c write 1 has the version of a write 2',
    )
    expect(
      checkHistory([...sound, ...read('b', 1, 49, 53, 3, 3), ...read('b', 2, 53, 54, 2, 3)], rows),
    ).toEqual(['b read 2 went back to version 2'])
  })

  test('leaves calls that overlap in any order', () => {
    expect(checkHistory([...sound, ...read('b', 1, 35, 60, 2, 2)], rows)).toEqual([])
  })

  test('finds a read that misses a row of its own version', () => {
    expect(checkHistory([...sound, ...read('b', 1, 60, 70, 3, 2)], rows)).toEqual([
      'b read 1 found 2 rows of at least 3 at version 3',
    ])
  })
})
