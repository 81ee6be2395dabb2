import type { Prepared } from './prepared.ts'

const CAPACITY = 64

/**
 * Prepared statements by their SQL, the least recently used one going first. Holds only what is the
 * same in every scope; whoever changes the schema clears it, because columns and the verdict of the
 * policy belong to one schema.
 */
export class StatementCache {
  readonly #capacity: number
  /** In the order of use: the oldest first. */
  readonly #bySql = new Map<string, Prepared>()
  #latest: Prepared | undefined

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#bySql.size
  }

  get(sql: string): Prepared | undefined {
    // A batch often runs one statement again and again.
    if (sql === this.#latest?.statement.sql) return this.#latest
    const prepared = this.#bySql.get(sql)
    if (prepared === undefined) return undefined
    this.#bySql.delete(sql)
    this.#bySql.set(sql, prepared)
    this.#latest = prepared
    return prepared
  }

  /** Keeps `prepared`, if it may be kept at all. */
  put(sql: string, prepared: Prepared): void {
    if (!prepared.traits.cacheable) return
    prepared.keep(true)
    this.#bySql.set(sql, prepared)
    this.#latest = prepared
    if (this.#bySql.size <= this.#capacity) return
    for (const [oldest, evicted] of this.#bySql) {
      this.#bySql.delete(oldest)
      evicted.keep(false)
      return
    }
  }

  clear(): void {
    for (const prepared of this.#bySql.values()) prepared.keep(false)
    this.#bySql.clear()
    this.#latest = undefined
  }
}
