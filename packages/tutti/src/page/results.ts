import type { SqlValue } from '../protocol/values.ts'
import type { SqlRow } from './rows.ts'

/** What a write did. */
export interface RunResult {
  /** Rows inserted, updated or deleted by the statement itself; triggers and foreign keys do not count. */
  readonly changes: number
  readonly lastInsertRowid: number | bigint
  /** The version that the write made; for a read, the one that it saw. 0 inside a transaction, before its commit. */
  readonly version: number
}

/** A statement's rows with the names of its columns, which are there without rows too. */
export interface QueryResult extends RunResult {
  readonly columns: string[]
  /** Arrays in the order of `columns`. */
  readonly rows: SqlValue[][]
}

/** What one statement of a batch did. */
export interface BatchResult<Row = SqlRow> {
  readonly rows: Row[]
  readonly changes: number
  readonly lastInsertRowid: number | bigint
}
