import type { Params, SqlValue } from '../../protocol/values.ts'
import type { SqlRow } from '../rows.ts'

/** Which version of the database a result of a live query shows, and what led to it. */
export interface LiveInfo {
  /** Rises from one result to the next. */
  readonly version: number
  /** Whose commit changed the result: this tab's or another's; `initial` for the first result. */
  readonly origin: 'initial' | 'self' | 'tab'
  /** The name that the commit's call gave as `cause`. Of several commits at once the last one counts. */
  readonly cause?: string
}

/** A row as an object, or as an array of its values. */
export type LiveRow = SqlRow | readonly SqlValue[]

/** Whoever follows a live query. */
export interface LiveObserver {
  rows(rows: readonly LiveRow[], info: LiveInfo): void
  /** It could not be run; it goes on, and gives its next result when it can be. */
  failed(error: Error): void
  /** Nothing comes any more. */
  ended(error: Error): void
}

/** What a live query runs. */
export interface LiveStatement {
  readonly sql: string
  readonly params?: Params
  readonly timeout?: number
  readonly rowMode?: 'object' | 'array'
}
