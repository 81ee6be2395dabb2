import type { SqlValue, StatementResult } from '../protocol/values.ts'

/** Results past this are not kept (R14). In characters of their stored form. */
export const LARGEST_STORED_RESULT = 64 * 1024

/** What a statement without rows takes of that, its comma included: `[[],[],1,1],`. */
const SHORTEST = 12

/** A value that JSON lacks: a bigint, a blob, or a number such as Infinity or -0. */
type Tagged = { readonly i: string } | { readonly b: string } | { readonly f: string }
type StoredValue = null | number | string | Tagged
type StoredResult = readonly [
  columns: readonly string[],
  rows: readonly (readonly StoredValue[])[],
  changes: number,
  lastInsertRowid: StoredValue,
]

/** What the ledger keeps of results; `null` when they are too large. */
export function storeResults(results: readonly StatementResult[]): string | null {
  if (results.length * SHORTEST + 1 > LARGEST_STORED_RESULT || results.some(isLarge)) return null
  const stored = results.map(
    ({ columns, rows, changes, lastInsertRowid }): StoredResult => [
      columns,
      rows.map((row) => row.map(storeValue)),
      changes,
      storeValue(lastInsertRowid),
    ],
  )
  const text = JSON.stringify(stored)
  return text.length > LARGEST_STORED_RESULT ? null : text
}

export function restoreResults(text: string): StatementResult[] {
  const stored = JSON.parse(text) as readonly StoredResult[]
  return stored.map(([columns, rows, changes, lastInsertRowid]) => ({
    columns,
    rows: rows.map((row) => row.map(restoreValue)),
    changes,
    lastInsertRowid: restoreValue(lastInsertRowid) as number | bigint,
  }))
}

/** Spares the work of writing out what would be thrown away. */
function isLarge({ rows }: StatementResult): boolean {
  let size = 0
  for (const row of rows) {
    for (const value of row)
      size += typeof value === 'string' || value instanceof Uint8Array ? value.length : 1
    if (size > LARGEST_STORED_RESULT) return true
  }
  return false
}

function storeValue(value: SqlValue): StoredValue {
  if (typeof value === 'bigint') return { i: value.toString() }
  if (value instanceof Uint8Array)
    return { b: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { f: Object.is(value, -0) ? '-0' : String(value) }
  }
  return value
}

function restoreValue(value: StoredValue): SqlValue {
  if (value === null || typeof value !== 'object') return value
  if ('i' in value) return BigInt(value.i)
  if ('f' in value) return Number(value.f)
  return Uint8Array.from(atob(value.b), (char) => char.charCodeAt(0))
}
