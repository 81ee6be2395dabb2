import { createSubscriber } from 'svelte/reactivity'
import type { LiveSource, Params, SqlRow } from '../index.ts'
import { findSource, type LiveDatabase } from './live/live-source.ts'
import { type LiveResult, LiveStore } from './live/live-store.ts'

/** A value, or a function that reads one from state that may change. */
export type MaybeGetter<Value> = Value | (() => Value)

/** What a live query has come to: reactive where it is read in a template, a `$derived` or an `$effect`. */
export interface LiveRows<Row> {
  /** `undefined` before the first result; while those of changed parameters come, the former ones. */
  readonly rows: readonly Row[] | undefined
  /** What keeps the query from running: rows that are there stay, and the next result takes it away. */
  readonly error: Error | undefined
  /** Whether the first result is still to come: of this query, or of the database that it is to run on. */
  readonly pending: boolean
}

/**
 * The rows of a query, kept up to date, whichever tab writes. A row that did not change stays the same
 * object. It runs while an effect reads it, follows another query when its functions give another one, and
 * has no rows while there is no database. On a server it is pending.
 *
 * @example
 * const tunes = liveQuery<Tune>(() => db, 'select * from tune where mode = ?', () => [mode])
 * // {#each tunes.rows as tune (tune.id)}
 */
export function liveQuery<Row = SqlRow>(
  db: MaybeGetter<LiveDatabase | undefined>,
  sql: MaybeGetter<string>,
  params?: MaybeGetter<Params | undefined>,
): LiveRows<Row>
/**
 * The rows of a live query that something else makes, such as `orm.live()` of `tutti/drizzle`.
 *
 * @example
 * const tunes = liveQuery(() => orm?.live(orm.select().from(tune).where(eq(tune.mode, mode))))
 */
export function liveQuery<Row>(source: MaybeGetter<LiveSource<Row> | undefined>): LiveRows<Row>
export function liveQuery<Row>(
  from: MaybeGetter<LiveDatabase | LiveSource<Row> | undefined>,
  sql?: MaybeGetter<string>,
  params?: MaybeGetter<Params | undefined>,
): LiveRows<Row> {
  const store = new LiveStore<Row>()
  let read = false
  const subscribe = createSubscriber((update) => {
    const stop = store.subscribe(update)
    read = true
    return () => {
      read = false
      stop()
      store.follow(undefined)
    }
  })
  /** Whoever reads depends on what the functions read, too, and comes again when that has changed. */
  const look = (): LiveResult<Row> => {
    const source = findSource(from, sql, params)
    subscribe()
    if (read) store.follow(source)
    return store.read()
  }
  return {
    get rows() {
      return look().rows
    },
    get error() {
      return look().error
    },
    get pending() {
      return look().isPending
    },
  }
}
