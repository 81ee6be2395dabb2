import type { LiveSource } from '../../index.ts'
import { sameSource } from './live-source.ts'

/** What a live query has come to. The same object until it comes to something else. */
export interface LiveResult<Row> {
  /** `undefined` before the first result. */
  readonly rows: readonly Row[] | undefined
  /** What keeps the query from running: rows that are there stay, and the next result takes it away. */
  readonly error: Error | undefined
  /** Whether the first result is still to come: of this query, or of the database that it is to run on. */
  readonly isPending: boolean
}

/** What one live query after the other comes to, for whoever draws it. It runs while somebody listens. */
export class LiveStore<Row> {
  /** Resolves when there has been a result or an error. */
  readonly first: Promise<void>
  readonly #ended: () => void
  readonly #listeners = new Set<() => void>()
  #source: LiveSource<Row> | undefined
  #result: LiveResult<Row> = { rows: undefined, error: undefined, isPending: true }
  #begin: () => void = () => undefined
  #stop: (() => void) | undefined

  /** @param ended is told when nobody listens any more */
  constructor(source?: LiveSource<Row>, ended = (): void => undefined) {
    this.#ended = ended
    this.first = new Promise((resolve) => {
      this.#begin = resolve
    })
    this.follow(source)
  }

  readonly read = (): LiveResult<Row> => this.#result

  /** The listener is told of results and errors that come. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#start()
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
      this.#end()
      this.#ended()
    }
  }

  /** Goes over to another query; to an equal one it need not. The former rows stay until there are others. */
  follow(source: LiveSource<Row> | undefined): void {
    if (sameSource(source, this.#source)) return
    this.#end()
    const known = source?.current
    // Rows of another user's database are nobody's business while this one's is being opened.
    const former = source && this.#result.rows
    this.#result = { rows: known ?? former, error: undefined, isPending: known === undefined }
    this.#source = source
    if (known !== undefined) this.#begin()
    if (this.#listeners.size > 0) this.#start()
  }

  #start(): void {
    this.#stop ??= this.#source?.subscribe(
      (rows) => this.#tell(rows, undefined),
      (error) => this.#tell(this.#result.rows, error),
    )
  }

  #end(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #tell(rows: readonly Row[] | undefined, error: Error | undefined): void {
    const before = this.#result
    if (!before.isPending && rows === before.rows && error === before.error) return
    this.#result = { rows, error, isPending: false }
    this.#begin()
    for (const listener of [...this.#listeners]) listener()
  }
}
