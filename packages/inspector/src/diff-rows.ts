import type { InspectedValue } from './inspected-database.ts'
import { toHex } from './to-hex.ts'

export type Row = readonly InspectedValue[]

/** What is new in a row: all of it, some cells by index, or nothing. */
export type RowMark = 'new' | ReadonlySet<number>

const NOTHING: RowMark = new Set<number>()

/**
 * Marks what changed between two results of one statement. Rows are matched by their first column where it
 * names each row on both sides, as an id does; else a row is new if the last result had no equal one left.
 */
export function diffRows(before: readonly Row[], after: readonly Row[]): RowMark[] {
  const known = byFirstColumn(before)
  if (known && byFirstColumn(after)) return after.map((row) => markByKey(known.get(keyOf(row[0])), row))
  return markByContent(before, after)
}

function byFirstColumn(rows: readonly Row[]): Map<string, Row> | undefined {
  const byKey = new Map(rows.map((row) => [keyOf(row[0]), row] as const))
  return byKey.size === rows.length ? byKey : undefined
}

function markByKey(known: Row | undefined, row: Row): RowMark {
  if (!known) return 'new'
  const changed = new Set<number>()
  for (const [index, value] of row.entries()) if (!isSameValue(known[index], value)) changed.add(index)
  return changed.size === 0 ? NOTHING : changed
}

function markByContent(before: readonly Row[], after: readonly Row[]): RowMark[] {
  const left = new Map<string, number>()
  for (const row of before) {
    const key = row.map(keyOf).join()
    left.set(key, (left.get(key) ?? 0) + 1)
  }
  return after.map((row) => {
    const key = row.map(keyOf).join()
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? NOTHING : 'new'
  })
}

/** Equal values, and only they, have equal keys: 1 and '1' differ. */
function keyOf(value: InspectedValue | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array) return `x'${toHex(value)}'`
  return String(value)
}

export function isSameValue(a: InspectedValue | undefined, b: InspectedValue | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, index) => byte === b[index])
  }
  return Object.is(a, b)
}

export function isSameRow(a: Row | undefined, b: Row): boolean {
  return a?.length === b.length && b.every((value, index) => isSameValue(a[index], value))
}
