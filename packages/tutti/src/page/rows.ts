import type { SqlValue, StatementResult } from '../protocol/values.ts'

/** A row as an object: its columns by name. */
export type SqlRow = Record<string, SqlValue>

const NOTHING: StatementResult = { columns: [], rows: [], changes: 0, lastInsertRowid: 0 }

/** What one statement brought. SQL of nothing but comments has no statement, and so no result. */
export function single({ results }: { readonly results: readonly StatementResult[] }): StatementResult {
  return results[0] ?? NOTHING
}

/** The rows as plain objects. Of columns with the same name the last one counts. */
export function toObjects(result: {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}): SqlRow[] {
  const last = new Map(result.columns.map((name, index) => [name, index]))
  const columns = [...last]
  const assign = last.has('__proto__') ? define : set
  return result.rows.map((values) => {
    const row: SqlRow = {}
    for (const [name, index] of columns) assign(row, name, values[index] ?? null)
    return row
  })
}

function set(row: SqlRow, name: string, value: SqlValue): void {
  row[name] = value
}

/** Assigning to `__proto__` would change the object's prototype, or do nothing. */
function define(row: SqlRow, name: string, value: SqlValue): void {
  Object.defineProperty(row, name, { value, writable: true, enumerable: true, configurable: true })
}
