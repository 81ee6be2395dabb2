import type { Params, SqlValue, StatementResult } from '../protocol/values.ts'
import type { Connection } from './connection.ts'
import type { Prepared } from './prepared.ts'
import { SqliteFailure } from './sqlite-failure.ts'

const TOOBIG = 18

/** Which rows to give back. */
export type Rows = 'all' | 'first' | 'none'

/** Rows cross from worker to page as copies: what is larger than this would take the tab with it. In bytes. */
const LARGEST_RESULT = 256 * 1024 * 1024

export interface RunOptions {
  readonly params?: Params | undefined
  readonly rows: Rows
  /** Leaves `last_insert_rowid()` to the statements before: inside an interactive transaction it is visible. */
  readonly keepRowid: boolean
}

/**
 * Binds, steps to the end and collects. A statement that writes always runs to its end, also where only
 * its first row is wanted.
 */
export function runStatement(
  connection: Connection,
  prepared: Prepared,
  options: RunOptions,
): StatementResult {
  const { statement } = prepared
  const { params, rows: wanted } = options
  if (params !== undefined || statement.parameterCount > 0) statement.bind(params)
  if (!options.keepRowid && !prepared.readonly) connection.setLastInsertRowid(0n)
  const before = prepared.readonly ? 0 : connection.totalChanges()
  const rows: SqlValue[][] = []
  let size = 0
  try {
    while (statement.step()) {
      if (wanted === 'none') continue
      if (wanted === 'first' && rows.length > 0) continue
      const row = statement.row()
      rows.push(row)
      size += sizeOf(row)
      if (size > LARGEST_RESULT) {
        throw new SqliteFailure(
          TOOBIG,
          'The result is larger than 256 MiB: use LIMIT, or select less',
          statement.sql,
        )
      }
      if (wanted === 'first' && prepared.readonly) break
    }
    // A statement that reads, or that defines the schema, leaves the counters of the one before.
    const changed =
      !prepared.readonly && !prepared.traits.definesSchema && connection.totalChanges() !== before
    return {
      columns: prepared.columnsAfterStep(),
      rows,
      changes: changed ? connection.changes() : 0,
      lastInsertRowid: prepared.readonly ? 0 : toNumber(connection.lastInsertRowid()),
    }
  } finally {
    statement.reset()
    if (statement.parameterCount > 0) statement.clear()
  }
}

export function sizeOf(row: readonly SqlValue[]): number {
  let size = 64
  for (const value of row) {
    if (typeof value === 'string') size += 24 + value.length * 2
    else if (value instanceof Uint8Array) size += 96 + value.length
    else size += 16
  }
  return size
}

function toNumber(rowid: bigint): number | bigint {
  const number = Number(rowid)
  return Number.isSafeInteger(number) ? number : rowid
}
