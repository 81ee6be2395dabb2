import {
  type Accessor,
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
import type { LiveRows, MaybeAccessor } from './solid/live-rows.ts'

export type { LiveRows, MaybeAccessor } from './solid/live-rows.ts'

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
  const find = () => (awake() ? findSource(access(from), access(sql), access(params)) : undefined)
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
    let known = live?.current
    let begun = known !== undefined
    const take = () => {
      begun = true
      if (known === undefined) throw failure()
      return known
    }
    outcome = take
    const first = new Promise<void>((resolve) => {
      const tell = () => void (begun ? refetch() : resolve())
      const show = (next: readonly Row[]): void => {
        known = next
        tell()
        setFailure(undefined)
      }
      const fail = (error: Error): void => {
        setFailure(error)
        if (known === undefined) tell()
      }
      if (live !== undefined) onCleanup(live.subscribe(show, fail))
    })
    return known ?? first.then(take)
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

function access<Value>(value: MaybeAccessor<Value>): Value {
  return typeof value === 'function' ? (value as Accessor<Value>)() : value
}
