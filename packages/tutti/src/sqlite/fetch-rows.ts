import type { SqlValue } from '../protocol/values.ts'
import type { Prepared } from './prepared.ts'
import { sizeOf } from './run-statement.ts'

/** Some rows of a statement under way. */
export interface FetchedRows {
  readonly columns: readonly string[]
  readonly rows: readonly SqlValue[][]
  /** There are no more. */
  readonly done: boolean
}

/** Steps on until the rows weigh about `size` bytes, or to the end. The statement stays where it is. */
export function fetchRows(prepared: Prepared, size: number): FetchedRows {
  const rows: SqlValue[][] = []
  let weight = 0
  let more = true
  while (weight < size && (more = prepared.statement.step())) {
    const row = prepared.statement.row()
    rows.push(row)
    weight += sizeOf(row)
  }
  return { columns: prepared.columnsAfterStep(), rows, done: !more }
}
