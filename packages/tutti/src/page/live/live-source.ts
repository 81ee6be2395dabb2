/**
 * What can be followed: `db.live()` gives one, query builders give theirs, and every entry point for a
 * framework takes one.
 */
export interface LiveSource<Row> {
  /** Equal for sources that give the same rows; where it is missing, each source is one by itself. */
  readonly key?: string
  /** The last result, the same array until another one comes; `undefined` before the first. */
  readonly current: readonly Row[] | undefined
  /** Gives the first result and each later one until the function that it returns is called. */
  subscribe(listener: (rows: readonly Row[]) => void, onError: (error: Error) => void): () => void
}
