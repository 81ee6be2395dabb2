import { use, useMemo, useSyncExternalStore } from 'react'
import { WorkerFailedError } from '../errors/errors.ts'
import type { LiveSource, Params, SqlRow } from '../index.ts'
import { findSource, type LiveDatabase } from './live/live-source.ts'
import { type LiveResult, LiveStore } from './live/live-store.ts'

export type { LiveResult } from './live/live-store.ts'

type Kept<Row> = Pick<LiveStore<Row>, 'read' | 'subscribe' | 'first'>

/** How long a query goes on that nobody shows, ms: a component that suspends starts anew each time. */
const IDLE = 10_000
/** Those of components that suspended, and lost what they remembered. */
const kept = new Map<unknown, Kept<unknown>>()
/** What is followed while there is no database: its `first` never comes. */
const nothing = new LiveStore<never>()

/**
 * The rows of a query, kept up to date, whichever tab writes. A row that did not change stays the same
 * object, so that memoised components are not drawn again. The parameters need not be memoised: equal ones
 * are the same query. Without a database, and on a server, it is pending.
 *
 * @example
 * const { rows = [], error } = useLiveQuery<Tune>(db, 'select * from tune where mode = ?', [mode])
 */
export function useLiveQuery<Row = SqlRow>(
  db: LiveDatabase | undefined,
  sql: string,
  params?: Params,
): LiveResult<Row>
/**
 * The rows of a live query that something else makes, such as `orm.live()` of `tutti/drizzle`. One without a
 * `key` has to be memoised.
 *
 * @example
 * const { rows } = useLiveQuery(orm?.live(orm.select().from(tune).where(eq(tune.mode, mode))))
 */
export function useLiveQuery<Row>(source: LiveSource<Row> | undefined): LiveResult<Row>
export function useLiveQuery<Row>(
  from: LiveDatabase | LiveSource<Row> | undefined,
  sql?: string,
  params?: Params,
): LiveResult<Row> {
  const source = findSource(from, sql, params)
  // The first of equal sources is followed: they give the same rows.
  const store = useMemo(() => new LiveStore(source), [source?.key ?? source])
  return useSyncExternalStore(store.subscribe, store.read, nothing.read)
}

/**
 * The same, for whoever waits in a `<Suspense>`: it returns rows, suspends until there are some, and throws
 * what keeps the first ones from coming. On a server the `<Suspense>` sends its fallback.
 *
 * @example
 * const tunes = useSuspenseLiveQuery<Tune>(db, 'select * from tune where mode = ?', [mode])
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as of db.all(): only the caller knows the columns
export function useSuspenseLiveQuery<Row = SqlRow>(
  db: LiveDatabase | undefined,
  sql: string,
  params?: Params,
): readonly Row[]
/** The same for a live query that something else makes. */
export function useSuspenseLiveQuery<Row>(source: LiveSource<Row> | undefined): readonly Row[]
export function useSuspenseLiveQuery<Row>(
  from: LiveDatabase | LiveSource<Row> | undefined,
  sql?: string,
  params?: Params,
): readonly Row[] {
  // React's way to leave a part of the page to the browser.
  if (typeof document === 'undefined') throw new WorkerFailedError('Live queries wait for the browser.')
  const source = findSource(from, sql, params)
  const { read, subscribe, first } = source === undefined ? nothing : keep(source)
  use(first)
  const { rows, error } = useSyncExternalStore<LiveResult<Row>>(subscribe, read, read)
  if (rows === undefined) throw error
  return rows
}

function keep<Row>(source: LiveSource<Row>): Kept<Row> {
  const key = source.key ?? source
  const known = kept.get(key) as Kept<Row> | undefined
  if (known !== undefined) return known
  const { read, first, subscribe: listen } = new LiveStore(source, () => kept.delete(key))
  const subscribe = (listener: () => void) => {
    const stop = listen(listener)
    return () => {
      const rest = listen(() => undefined)
      setTimeout(rest, IDLE)
      stop()
    }
  }
  void first.then(subscribe(() => undefined))
  // React reads from it that there is nothing to wait for.
  if (!read().isPending) void Object.assign(first, { status: 'fulfilled' })
  const made = { read, subscribe, first }
  kept.set(key, made)
  return made
}
