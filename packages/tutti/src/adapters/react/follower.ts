import type { LiveSource } from '../../index.ts'

/** What a live query has come to. The same object until it comes to something else. */
export interface LiveResult<Row> {
  /** `undefined` before the first result. */
  readonly rows: readonly Row[] | undefined
  /** What keeps the query from running: rows that are there stay, and the next result takes it away. */
  readonly error: Error | undefined
  /** Whether the first result is still to come: of this query, or of the database that it is to run on. */
  readonly isPending: boolean
}

export const PENDING: LiveResult<never> = { rows: undefined, error: undefined, isPending: true }

/** How long a query goes on that nobody shows, ms: a component that suspends starts anew each time. */
const IDLE = 10_000

/** A live query as React's external store: it runs while somebody listens. */
export class Follower<Row> {
  /** Resolves when there is a result or an error; React reads from its `status` that it has. */
  readonly first: Promise<void>
  readonly #source: LiveSource<Row> | undefined
  readonly #gone: (() => void) | undefined
  readonly #listeners = new Set<() => void>()
  #result: LiveResult<Row>
  #begun: () => void = () => undefined
  #stop: (() => void) | undefined
  #idle: ReturnType<typeof setTimeout> | undefined

  /** @param gone where it is given, it begins at once, and ends (and tells) when nobody listened for a while */
  constructor(source: LiveSource<Row> | undefined, gone?: () => void) {
    const rows = source?.current
    this.#source = source
    this.#gone = gone
    this.#result = rows === undefined ? PENDING : { rows, error: undefined, isPending: false }
    this.first = new Promise((resolve) => {
      this.#begun = resolve
    })
    if (rows !== undefined) this.#begin()
    if (gone !== undefined) this.#start()
  }

  readonly read = (): LiveResult<Row> => this.#result

  readonly subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.#idle)
    this.#idle = undefined
    this.#listeners.add(listener)
    this.#start()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#rest()
    }
  }

  #start(): void {
    this.#stop ??= this.#source?.subscribe(
      (rows) => this.#tell({ rows, error: undefined, isPending: false }),
      (error) => this.#tell({ rows: this.#result.rows, error, isPending: false }),
    )
  }

  #begin(): void {
    void Object.assign(this.first, { status: 'fulfilled' })
    this.#begun()
  }

  #tell(next: LiveResult<Row>): void {
    this.#begin()
    if (this.#listeners.size === 0) this.#rest()
    if (next.rows === this.#result.rows && next.error === this.#result.error) return
    this.#result = next
    for (const listener of [...this.#listeners]) listener()
  }

  #rest(): void {
    if (this.#gone === undefined) return this.#end()
    this.#idle ??= setTimeout(() => this.#end(), IDLE)
  }

  #end(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#gone?.()
  }
}
