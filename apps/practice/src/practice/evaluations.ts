import { createEffect, createSignal, on } from 'solid-js'
import type { Db, Scope } from '../data/db.ts'
import type { PracticeRow } from '../queue/practice-list.ts'
import type { Rating } from '../review/rating.ts'
import { AlreadySubmittedError, clearEvaluation, stageEvaluation } from '../review/staging.ts'

interface Pending {
  readonly rating: Rating | null
  readonly state: 'saving' | 'saved' | 'failed'
}

/** What the user has chosen, from the moment of the choice and not only once it is staged. */
export interface Evaluations {
  /** What the row shows as chosen; null for nothing. */
  rating(row: PracticeRow): Rating | null
  /** Whether the choice could not be saved. It stays on show, to be tried again. */
  failed(row: PracticeRow): boolean
  /** Stages a choice, or takes it back with null. */
  choose(row: PracticeRow, rating: Rating | null): void
  /** Resolves when every choice made so far is saved or has failed. */
  settled(): Promise<void>
}

/**
 * @param list the rows on show: a choice that is saved is theirs with their next change
 * @param report told of each failure
 */
export function createEvaluations(
  db: Db,
  scope: Scope,
  list: () => unknown,
  report: (error: unknown) => void,
): Evaluations {
  const [pending, setPending] = createSignal<ReadonlyMap<string, Pending>>(new Map())
  const inFlight = new Set<Promise<void>>()

  function set(tuneRef: string, value: Pending): void {
    setPending((map) => new Map(map).set(tuneRef, value))
  }

  /** Only if no later choice has taken its place meanwhile. */
  function replace(tuneRef: string, mine: Pending, value: Pending | undefined): void {
    setPending((map) => {
      if (map.get(tuneRef) !== mine) return map
      const next = new Map(map)
      if (value === undefined) next.delete(tuneRef)
      else next.set(tuneRef, value)
      return next
    })
  }

  async function save(tuneRef: string, mine: Pending): Promise<void> {
    try {
      if (mine.rating === null) await clearEvaluation(db, scope, tuneRef)
      else await stageEvaluation(db, scope, tuneRef, mine.rating, new Date())
      replace(tuneRef, mine, { rating: mine.rating, state: 'saved' })
    } catch (error) {
      const gone = error instanceof AlreadySubmittedError
      replace(tuneRef, mine, gone ? undefined : { rating: mine.rating, state: 'failed' })
      report(error)
    }
  }

  const dropSaved = (): void => {
    setPending((map) => new Map([...map].filter(([, { state }]) => state !== 'saved')))
  }
  createEffect(on(list, dropSaved, { defer: true }))

  return {
    rating(row) {
      const choice = pending().get(row.tuneRef)
      return choice === undefined ? row.stagedQuality : choice.rating
    },
    failed: (row) => pending().get(row.tuneRef)?.state === 'failed',
    choose(row, rating) {
      const mine: Pending = { rating, state: 'saving' }
      set(row.tuneRef, mine)
      const saved = save(row.tuneRef, mine).finally(() => inFlight.delete(saved))
      inFlight.add(saved)
    },
    async settled() {
      await Promise.all(inFlight)
    },
  }
}
