import type { LiveInfo, LiveQuery, LiveSource, SqlValue } from '../../index.ts'

type Values = readonly SqlValue[]

/** A live query of drizzle's: `orm.live()` gives it. It is a `LiveQuery` whose rows are drizzle's. */
export class DrizzleLiveQuery<Row> implements LiveSource<Row>, AsyncIterable<readonly Row[]> {
  readonly key: string
  readonly #live: LiveQuery<Values>
  readonly #mapRow: (row: Values) => Row
  /** What came of rows and results: what did not change stays the same object. */
  readonly #mapped = new WeakMap<Values, { readonly row: Row }>()
  readonly #results = new WeakMap<readonly Values[], readonly Row[]>()

  /** Use `orm.live()`. */
  constructor(live: LiveQuery<Values>, names: string, mapRow: (row: Values) => Row) {
    this.key = `${live.key} ${names}`
    this.#live = live
    this.#mapRow = mapRow
  }

  /** As `current` of a `LiveQuery`; `undefined` also where the rows cannot be mapped. */
  get current(): readonly Row[] | undefined {
    const rows = this.#live.current
    try {
      return rows && this.#map(rows)
    } catch {
      return undefined
    }
  }

  /** As `subscribe()` of a `LiveQuery`; what cannot be mapped is an error of the query, too. */
  subscribe(
    listener: (rows: readonly Row[], info: LiveInfo) => void,
    onError?: (error: Error) => void,
  ): () => void {
    return this.#live.subscribe((rows, info) => {
      let mapped: readonly Row[]
      try {
        mapped = this.#map(rows)
      } catch (error) {
        if (onError === undefined || !(error instanceof Error)) throw error
        onError(error)
        return
      }
      listener(mapped, info)
    }, onError)
  }

  /** As `for await` on a `LiveQuery`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, undefined> {
    for await (const rows of this.#live) yield this.#map(rows)
  }

  #map(rows: readonly Values[]): readonly Row[] {
    const known = this.#results.get(rows)
    if (known !== undefined) return known
    const mapped = Object.freeze(
      rows.map((values) => {
        const same = this.#mapped.get(values) ?? { row: this.#mapRow(values) }
        this.#mapped.set(values, same)
        return same.row
      }),
    )
    this.#results.set(rows, mapped)
    return mapped
  }
}
