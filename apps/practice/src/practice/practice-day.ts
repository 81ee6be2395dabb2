import { type Accessor, createEffect, createMemo, on, onCleanup } from 'solid-js'
import type { Db, Scope } from '../data/db.ts'
import { type SchedulingOptions, schedulingOptions } from '../data/scheduling-options.ts'
import type { DayWindow } from '../queue/day-window.ts'
import { getPracticeList, type PracticeRow, practiceListTables } from '../queue/practice-list.ts'
import { activeWindow, addMore, ensureQueue, regenerateQueue } from '../queue/practice-queue.ts'
import { createScheduler, type Scheduler } from '../review/scheduler.ts'
import {
  lastSubmission,
  type Submission,
  submissionTables,
  submitStaged,
  undoSubmission,
} from '../review/submission.ts'
import { createQuery, type Query, whenTablesChange } from '../ui/query.ts'
import type { Toasts } from '../ui/toasts.tsx'
import { createBusy } from './busy.ts'
import { createDayClock } from './day-clock.ts'
import { createEvaluations, type Evaluations } from './evaluations.ts'

/** The active queue of one playlist, kept true in this tab, and what the user can do with it. */
export interface PracticeDay {
  readonly list: Query<readonly PracticeRow[]>
  readonly window: Accessor<DayWindow | undefined>
  /** Whether the day of the queue has passed. */
  readonly isOver: Accessor<boolean>
  readonly now: Accessor<Date>
  readonly stagedCount: Accessor<number>
  readonly lastSubmission: Accessor<Submission | undefined>
  readonly scheduler: Accessor<Scheduler>
  readonly evaluations: Evaluations
  readonly busy: Accessor<boolean>
  /** Makes today's queue, or finds it. */
  start(): void
  submit(): void
  /** Takes back the submit on show. */
  undo(): void
  addMore(): void
  regenerate(): void
}

export function createPracticeDay(db: Db, scope: Scope, toasts: Toasts): PracticeDay {
  const { busy, run } = createBusy(toasts.fail)
  const of = (): Scope => scope

  // Whatever becomes of it, what is there is read: without a primary, yesterday's queue can still be seen.
  const made = ensureQueue(db, scope, new Date()).catch(toasts.fail)
  const list = createQuery<Scope, readonly PracticeRow[]>(
    of,
    () => made.then(() => getPracticeList(db, scope)),
    [],
    whenTablesChange(db, practiceListTables),
  )
  const window = createQuery(
    of,
    () => activeWindow(db, scope),
    undefined,
    whenTablesChange(db, ['daily_practice_queue']),
  )
  const staged = createQuery(
    of,
    () => countStaged(db, scope),
    undefined,
    whenTablesChange(db, ['table_transient_data']),
  )
  const submission = createQuery(
    of,
    () => lastSubmission(db, scope),
    undefined,
    whenTablesChange(db, submissionTables),
  )
  const options = createQuery<Scope, SchedulingOptions | undefined>(
    of,
    () => schedulingOptions(db, scope.userRef),
    undefined,
    whenTablesChange(db, ['scheduling_options', 'user_profile']),
  )

  const now = createDayClock(() => window.value()?.endUtc)
  const evaluations = createEvaluations(db, scope, list.refetch, toasts.fail)
  const start = (): void =>
    run(async () => {
      await ensureQueue(db, scope, new Date())
    })

  // A playlist that was empty when the day began gets its queue with its first tunes, wherever they were added.
  onCleanup(
    db.onChange(
      () => {
        if (list.ready() && list.value().length === 0) start()
      },
      { tables: ['playlist_tune'] },
    ),
  )
  createEffect(
    on(list.error, (error) => {
      if (error !== undefined) toasts.fail(error)
    }),
  )

  return {
    list,
    window: window.value,
    isOver: () => {
      const end = window.value()?.endUtc
      return end !== undefined && end <= now().toISOString()
    },
    now,
    stagedCount: () => staged.value()?.n ?? 0,
    lastSubmission: submission.value,
    scheduler: createMemo(() => createScheduler(options.value()?.requestRetention ?? 0.9)),
    evaluations,
    busy,
    start,
    submit: () =>
      run(async () => {
        await evaluations.settled()
        const records = await submitStaged(db, scope, crypto.randomUUID(), new Date())
        toasts.say(
          records === 0 ? 'Nothing is left to submit.' : `${counted(records, 'evaluation')} submitted.`,
        )
      }),
    undo: () =>
      run(async () => {
        const last = submission.value()
        const restored = last === undefined ? 0 : await undoSubmission(db, scope, last.id)
        toasts.say(
          restored === 0
            ? 'That submit was undone already.'
            : `${counted(restored, 'evaluation')} staged again.`,
        )
      }),
    addMore: () =>
      run(async () => {
        const added = await addMore(db, scope, new Date())
        toasts.say(
          added === 0 ? 'The backlog is empty: nothing else is due.' : `${counted(added, 'tune')} added.`,
        )
      }),
    regenerate: () =>
      run(async () => {
        await regenerateQueue(db, scope, new Date())
        toasts.say("Today's queue was rebuilt.")
      }),
  }
}

function countStaged(db: Db, scope: Scope): Promise<{ readonly n: number } | undefined> {
  return db.get('select count(*) as n from table_transient_data where user_ref = ? and playlist_ref = ?', [
    scope.userRef,
    scope.playlistRef,
  ])
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`
}
