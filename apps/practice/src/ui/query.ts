import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { Db } from '../data/db.ts'
import { coalesce } from './coalesce.ts'

/** The last result of a query that is run again when what it reads may have changed. */
export interface Query<T> {
  readonly value: Accessor<T>
  /** Whether the first result is there. */
  readonly ready: Accessor<boolean>
  /** Of the last run; undefined when it succeeded. */
  readonly error: Accessor<unknown>
  /** Resolves, never rejects, when a run that began after this call has ended. */
  refetch(): Promise<void>
}

/** Calls `refetch` whenever the result may have changed. Returns a function that stops it. */
export type Subscribe = (refetch: () => void) => () => void

/**
 * Runs `fetch` now, whenever `source` changes, and whenever `subscribe` says so. Rows are matched by `id`: a row that did not change keeps its
 * elements, and with them the focus.
 */
export function createQuery<S, T>(
  source: Accessor<S>,
  fetch: (source: S) => Promise<T>,
  initial: NoInfer<T>,
  subscribe: Subscribe,
): Query<T> {
  const [state, setState] = createStore<{ value: unknown }>({ value: initial })
  const [ready, setReady] = createSignal(false)
  const [error, setError] = createSignal<unknown>()
  let disposed = false

  const refetch = coalesce(async () => {
    if (disposed) return
    try {
      const value = await fetch(source())
      if (disposed) return
      setState('value', reconcile(value, { key: 'id' }))
      setError(undefined)
      setReady(true)
    } catch (failure) {
      if (!disposed) setError(failure)
    }
  })

  createEffect(on(source, () => void refetch()))
  onCleanup(subscribe(() => void refetch()))
  onCleanup(() => {
    disposed = true
  })
  return { value: () => state.value as T, ready, error, refetch }
}

/** After each commit, of any tab, that touched one of these tables. */
export function whenTablesChange(db: Pick<Db, 'onChange'>, tables: readonly string[]): Subscribe {
  return (refetch) => db.onChange(refetch, { tables })
}
