import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { createLiveQuery, type LiveRows } from 'tutti/solid'
import type { Db, Scope } from '../data/db.ts'
import { schedulingOptionsQuery } from '../data/scheduling-options.ts'
import type { DayWindow } from '../queue/day-window.ts'
import { logPracticeList, type PracticeRow, practiceList } from '../queue/practice-list.ts'
import { activeWindowQuery, addMore, ensureQueue, regenerateQueue } from '../queue/practice-queue.ts'
import { createScheduler, type Scheduler } from '../review/scheduler.ts'
import { stagedCount } from '../review/staging.ts'
import { lastSubmissionQuery, submitStaged, undoSubmission } from '../review/submission.ts'
import type { Toasts } from '../ui/toasts.tsx'
import { createBusy } from './busy.ts'
import { createDayClock } from './day-clock.ts'
import { createEvaluations, type Evaluations } from './evaluations.ts'

/** The active queue of one playlist, kept true in this tab, and what the user can do with it. */
export interface PracticeDay {
  readonly list: LiveRows<PracticeRow>
  readonly window: Accessor<DayWindow | undefined>
  /** Whether the day of the queue has passed. */
  readonly isOver: Accessor<boolean>
  readonly now: Accessor<Date>
  readonly stagedCount: Accessor<number>
  readonly canUndo: Accessor<boolean>
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
  const [made, setMade] = createSignal(false)
  // Whatever becomes of it, what is there is read: without a primary, yesterday's queue can still be seen.
  void ensureQueue(db, scope, new Date())
    .catch(toasts.fail)
    .finally(() => setMade(true))

  const list = createLiveQuery(() => (made() ? db.live(practiceList(db, scope)) : undefined))
  const windows = createLiveQuery(() => db.live(activeWindowQuery(db, scope)))
  const staged = createLiveQuery(() => db.live(stagedCount(db, scope)))
  const submissions = createLiveQuery(() => db.live(lastSubmissionQuery(db, scope)))
  const options = createLiveQuery(() => db.live(schedulingOptionsQuery(db, scope.userRef)))
  const window = (): DayWindow | undefined => windows()?.[0]

  const now = createDayClock(() => window()?.endUtc)
  const evaluations = createEvaluations(db, scope, list, toasts.fail)
  const start = (): void =>
    run(async () => {
      await ensureQueue(db, scope, new Date())
    })

  // A playlist that was empty when the day began gets its queue with its first tunes, wherever they were added.
  onCleanup(
    db.$client.onChange(
      () => {
        if (list()?.length === 0) start()
      },
      { tables: ['playlist_tune'] },
    ),
  )
  createEffect(() => {
    const rows = list()
    if (rows !== undefined) logPracticeList(rows, scope)
  })

  return {
    list,
    window,
    isOver: () => {
      const end = window()?.endUtc
      return end !== undefined && end <= now().toISOString()
    },
    now,
    stagedCount: () => staged()?.[0]?.n ?? 0,
    canUndo: () => submissions()?.[0] !== undefined,
    scheduler: createMemo(() => createScheduler(options()?.[0]?.requestRetention ?? 0.9)),
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
        const last = submissions()?.[0]
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

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`
}
