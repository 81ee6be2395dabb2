import {
  type Accessor,
  batch,
  createMemo,
  createResource,
  createSignal,
  onCleanup,
  onMount,
  type Signal,
  sharedConfig,
} from 'solid-js'
import { isServer } from 'solid-js/web'
import type { LiveSource, Params, SqlRow } from '../index.ts'
import { findSource, type LiveDatabase, sameSource } from './live/live-source.ts'
import { LiveStore } from './live/live-store.ts'

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

/**
 * The rows of a query, kept up to date, whichever tab writes. A row that did not change stays the same
 * object, so that `<For>` keeps its DOM node. It follows another query when its accessors give another one,
 * has no rows while there is no database, and ends with its owner. On a server it is loading.
 *
 * @example
 * const [db] = createResource(() => open({ user: 'u-9002', migrations }))
 * const tunes = createLiveQuery<Tune>(db, 'select * from tune where mode = ?', () => [mode()])
 * return <For each={tunes()}>{(tune) => <li>{tune.title}</li>}</For>
 */
export function createLiveQuery<Row = SqlRow>(
  db: MaybeAccessor<LiveDatabase | undefined>,
  sql: MaybeAccessor<string>,
  params?: MaybeAccessor<Params | undefined>,
): LiveRows<Row>
/**
 * The rows of a live query that something else makes, such as `orm.live()` of `tutti/drizzle`.
 *
 * @example
 * const tunes = createLiveQuery(() => orm()?.live(orm().select().from(tune).where(eq(tune.mode, mode()))))
 */
export function createLiveQuery<Row>(source: MaybeAccessor<LiveSource<Row> | undefined>): LiveRows<Row>
export function createLiveQuery<Row>(
  from: MaybeAccessor<LiveDatabase | LiveSource<Row> | undefined>,
  sql?: MaybeAccessor<string>,
  params?: MaybeAccessor<Params | undefined>,
): LiveRows<Row> {
  // What the server drew is there before anything is asked: the first look has to be the same.
  const [awake, wake] = createSignal(!isServer && sharedConfig.context === undefined)
  onMount(() => wake(true))
  const find = () => (awake() ? findSource(from, sql, params) : undefined)
  const source = createMemo(find, undefined, { equals: sameSource })

  type Box = readonly [LiveSource<Row> | undefined]
  const [value, setValue] = createSignal<readonly Row[]>()
  const [failure, setFailure] = createSignal<Error>()
  let outcome: () => readonly Row[]
  const follow = ([live]: Box, { refetching }: { refetching: boolean }) => {
    if (refetching) return outcome()
    setFailure(undefined)
    // Rows of another user's database are nobody's business while this one's is being opened.
    if (live === undefined) setValue(undefined)
    const { read, subscribe, first } = new LiveStore(live)
    let begun = !read().isPending
    outcome = () => {
      begun = true
      const { rows, error } = read()
      if (rows === undefined) throw error
      return rows
    }
    const show = () => {
      setFailure(read().error)
      if (begun) void refetch()
    }
    onCleanup(subscribe(() => batch(show)))
    return begun ? outcome() : first.then(outcome)
  }
  const box = () => awake() && ([source()] as const)
  const storage = (): Signal<readonly Row[] | undefined> => [value, setValue]
  const [rows, { refetch }] = createResource<readonly Row[], Box, boolean>(box, follow, { storage })
  return Object.defineProperties(() => rows(), {
    loading: { get: () => !awake() || rows.loading },
    error: { get: failure },
    latest: { get: () => rows.latest },
  }) as LiveRows<Row>
}
