import { type MaybeRefOrGetter, onScopeDispose, type ShallowRef, shallowRef, toValue, watch } from 'vue'
import type { LiveSource, Params, SqlRow } from '../index.ts'
import { findSource, type LiveDatabase } from './live/live-source.ts'
import { LiveStore } from './live/live-store.ts'

/** What a live query has come to. */
export interface LiveQueryReturn<Row> {
  /** `undefined` before the first result; while those of changed parameters come, the former ones. */
  readonly rows: Readonly<ShallowRef<readonly Row[] | undefined>>
  /** What keeps the query from running: rows that are there stay, and the next result takes it away. */
  readonly error: Readonly<ShallowRef<Error | undefined>>
  /** Whether the first result is still to come: of this query, or of the database that it is to run on. */
  readonly pending: Readonly<ShallowRef<boolean>>
}

/**
 * The rows of a query, kept up to date, whichever tab writes. A row that did not change stays the same
 * object. It follows another query when its refs and getters give another one, has no rows while there is
 * no database, and ends with its effect scope. On a server it is pending.
 *
 * @example
 * const { rows, error } = useLiveQuery<Tune>(db, 'select * from tune where mode = ?', () => [mode.value])
 */
export function useLiveQuery<Row = SqlRow>(
  db: MaybeRefOrGetter<LiveDatabase | undefined>,
  sql: MaybeRefOrGetter<string>,
  params?: MaybeRefOrGetter<Params | undefined>,
): LiveQueryReturn<Row>
/**
 * The rows of a live query that something else makes, such as `orm.live()` of `tutti/drizzle`.
 *
 * @example
 * const { rows } = useLiveQuery(() => orm.value?.live(orm.value.select().from(tune)))
 */
export function useLiveQuery<Row>(source: MaybeRefOrGetter<LiveSource<Row> | undefined>): LiveQueryReturn<Row>
export function useLiveQuery<Row>(
  from: MaybeRefOrGetter<LiveDatabase | LiveSource<Row> | undefined>,
  sql?: MaybeRefOrGetter<string>,
  params?: MaybeRefOrGetter<Params | undefined>,
): LiveQueryReturn<Row> {
  const store = new LiveStore<Row>()
  const rows = shallowRef<readonly Row[]>()
  const error = shallowRef<Error>()
  const pending = shallowRef(true)
  const show = (): void => {
    const result = store.read()
    rows.value = result.rows
    error.value = result.error
    pending.value = result.isPending
  }
  onScopeDispose(store.subscribe(show))
  watch(
    () => findSource(toValue(from), toValue(sql), toValue(params)),
    (source) => {
      store.follow(source)
      show()
    },
    { immediate: true },
  )
  return { rows, error, pending }
}
