import type { WireError } from '../errors/wire.ts'
import type { Params, SqlValue } from './values.ts'

/** A page asks for a live query; `n` rises per page, and names its updates. */
export interface LiveStart {
  readonly type: 'live'
  readonly n: number
  readonly sql: string
  readonly params?: Params
  /** How long one run of it may take, ms. */
  readonly timeout?: number
}

export interface LiveStop {
  readonly type: 'live-stop'
  readonly n: number
}

/** A live query's first result, or another one. */
export interface LiveUpdate {
  readonly type: 'live'
  readonly n: number
  /** The version of the database that shows this result. */
  readonly version: number
  /** Whose commit made it differ from the one before; `initial` for the first. */
  readonly origin: 'initial' | 'self' | 'tab'
  readonly cause?: string
  readonly columns: readonly string[]
  /** The rows, one part after the other. */
  readonly parts: readonly LivePart[]
}

/** Some rows of a result: `count` of the one before, from row `from` on, or new ones. */
export type LivePart =
  | { readonly from: number; readonly count: number }
  | { readonly rows: readonly (readonly SqlValue[])[] }

/** The last run failed; the result before it stands. */
export interface LiveFailure {
  readonly type: 'live-failed'
  readonly n: number
  readonly error: WireError
}
