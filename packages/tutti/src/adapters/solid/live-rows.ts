import type { Accessor } from 'solid-js'

/** A value, or an accessor of one that may change. */
export type MaybeAccessor<Value> = Value | Accessor<Value>

/** The rows of a live query, as a resource of Solid's; `undefined` before the first result. */
export interface LiveRows<Row> {
  /** Waits in a `<Suspense>` for the first result, and throws to an `<ErrorBoundary>` what keeps it from coming. */
  (): readonly Row[] | undefined
  /** Whether the first result is still to come: of this query, or of the database that it is to run on. */
  readonly loading: boolean
  /** What keeps the query from running: rows that are there stay, and the next result takes it away. */
  readonly error: Error | undefined
  /** The last rows, without waiting in a `<Suspense>` for those of changed parameters. */
  readonly latest: readonly Row[] | undefined
}
