import { createEffect, createMemo, For, type JSX, on, onCleanup, Show } from 'solid-js'
import type { Scope } from '../data/db.ts'
import { type SchedulingOptions, schedulingOptions } from '../data/scheduling-options.ts'
import { getPracticeList, practiceListTables } from '../queue/practice-list.ts'
import { activeWindow, addMore, ensureQueue, regenerateQueue } from '../queue/practice-queue.ts'
import { createScheduler } from '../review/scheduler.ts'
import { lastSubmission, submissionTables, submitStaged, undoSubmission } from '../review/submission.ts'
import { useApp } from '../ui/app-context.ts'
import { longDate } from '../ui/dates.ts'
import { createQuery, whenTablesChange } from '../ui/query.ts'
import { Link } from '../ui/router.tsx'
import { describe } from '../ui/toasts.tsx'
import { useWorkspace } from '../ui/workspace.ts'
import { createBusy } from './busy.ts'
import { createDayClock } from './day-clock.ts'
import { createEvaluations } from './evaluations.ts'
import { moveBetweenRows } from './move-between-rows.ts'
import { QueueRow } from './queue-row.tsx'

/** The active queue of one playlist and what can be done with it. */
export function PracticeList(props: { readonly scope: Scope }): JSX.Element {
  const { db } = useWorkspace()
  const { router, toasts } = useApp()
  const scope = (): Scope => props.scope

  const list = createQuery(
    scope,
    (of) => getPracticeList(db, of),
    [],
    whenTablesChange(db, practiceListTables),
  )
  const day = createQuery(
    scope,
    (of) => activeWindow(db, of),
    undefined,
    whenTablesChange(db, ['daily_practice_queue']),
  )
  const staged = createQuery(
    scope,
    (of) =>
      db.get<{ n: number }>(
        'select count(*) as n from table_transient_data where user_ref = ? and playlist_ref = ?',
        [of.userRef, of.playlistRef],
      ),
    undefined,
    whenTablesChange(db, ['table_transient_data']),
  )
  const submission = createQuery(
    scope,
    (of) => lastSubmission(db, of),
    undefined,
    whenTablesChange(db, submissionTables),
  )
  const options = createQuery(
    scope,
    (of): Promise<SchedulingOptions | undefined> => schedulingOptions(db, of.userRef),
    undefined,
    whenTablesChange(db, ['scheduling_options', 'user_profile']),
  )

  const now = createDayClock(() => day.value()?.endUtc)
  const isOver = (): boolean => (day.value()?.endUtc ?? '9') <= now().toISOString()
  const scheduler = createMemo(() => createScheduler(options.value()?.requestRetention ?? 0.9))
  const evaluations = createEvaluations(db, props.scope, list.refetch, toasts.fail)
  const actions = createBusy(toasts.fail)
  const stagedCount = (): number => staged.value()?.n ?? 0
  const doneCount = (): number => list.value().filter((row) => row.completedAt !== null).length

  const makeQueue = (): void =>
    actions.run(async () => {
      await ensureQueue(db, props.scope, new Date())
    })
  makeQueue()
  // A playlist that was empty when the day began gets its queue with its first tunes, wherever they were added.
  onCleanup(
    db.onChange(() => list.ready() && list.value().length === 0 && makeQueue(), {
      tables: ['playlist_tune'],
    }),
  )
  createEffect(
    on(list.error, (error) => {
      if (error !== undefined) toasts.fail(error)
    }),
  )

  const submit = (): void =>
    actions.run(async () => {
      await evaluations.settled()
      const records = await submitStaged(db, props.scope, crypto.randomUUID(), new Date())
      toasts.say(
        records === 0 ? 'Nothing is left to submit.' : `${counted(records, 'evaluation')} submitted.`,
      )
    })
  const undo = (id: string): void =>
    actions.run(async () => {
      const restored = await undoSubmission(db, props.scope, id)
      toasts.say(
        restored === 0
          ? 'That submit was undone already.'
          : `${counted(restored, 'evaluation')} staged again.`,
      )
    })
  const more = (): void =>
    actions.run(async () => {
      const added = await addMore(db, props.scope, new Date())
      toasts.say(
        added === 0 ? 'The backlog is empty: nothing else is due.' : `${counted(added, 'tune')} added.`,
      )
    })
  const regenerate = (): void =>
    actions.run(async () => {
      await regenerateQueue(db, props.scope, new Date())
      toasts.say("Today's queue was rebuilt.")
    })

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && stagedCount() > 0) submit()
    else moveBetweenRows(event.currentTarget, event)
  }

  return (
    <>
      <Show when={isOver()}>
        <div class="banner" role="status" data-testid="new-day-banner">
          <p>A new day has begun. What is staged stays staged.</p>
          <button type="button" class="button" data-testid="new-day" onClick={makeQueue}>
            Start the new day
          </button>
        </div>
      </Show>
      <div class="queue-head">
        <Show when={day.value()}>
          {(window) => <p class="queue-date">{longDate(window().startUtc, window().endUtc)}</p>}
        </Show>
        <Show when={list.value().length > 0}>
          <p class="progress">
            <progress max={list.value().length} value={doneCount()} aria-label="Tunes done today" />
            {doneCount()} of {list.value().length} done
          </p>
        </Show>
        <div class="queue-tools">
          <button
            type="button"
            class="button button-quiet"
            data-testid="add-more"
            disabled={actions.busy()}
            onClick={more}
          >
            Add more
          </button>
          <button
            type="button"
            class="button button-quiet"
            data-testid="regenerate"
            disabled={actions.busy()}
            onClick={regenerate}
          >
            Regenerate
          </button>
        </div>
      </div>
      <Show when={list.value().length === 0 && list.ready() && !actions.busy()}>
        <div class="notice">
          <h2>Nothing to practise today</h2>
          <p>
            Add tunes from the{' '}
            <Link router={router} to="/catalog">
              catalog
            </Link>
            , or come back tomorrow.
          </p>
        </div>
      </Show>
      <Show when={!list.ready() && list.error()}>
        {(error) => (
          <div class="notice" role="alert">
            <p>{describe(error()).message}</p>
            <button type="button" class="button" onClick={() => void list.refetch()}>
              Try again
            </button>
          </div>
        )}
      </Show>
      <ol class="queue" aria-label="Today's tunes" onKeyDown={onKeyDown}>
        <For each={list.value()}>
          {(row) => <QueueRow row={row} now={now()} scheduler={scheduler()} evaluations={evaluations} />}
        </For>
      </ol>
      <Show when={list.value().length > 0 || stagedCount() > 0}>
        <div class="submit-bar">
          <p class="submit-count">
            <strong data-testid="staged-count">{stagedCount()}</strong> staged
          </p>
          <p class="keys quiet" aria-hidden="true">
            <kbd>1</kbd>–<kbd>4</kbd> rate · <kbd>J</kbd> <kbd>K</kbd> move · <kbd>Ctrl</kbd> <kbd>Enter</kbd>{' '}
            submit
          </p>
          <button
            type="button"
            class="button button-quiet"
            data-testid="undo"
            disabled={actions.busy() || submission.value() === undefined}
            onClick={() => {
              const last = submission.value()
              if (last !== undefined) undo(last.id)
            }}
          >
            Undo<span class="wide-only"> last submit</span>
          </button>
          <button
            type="button"
            class="button button-primary"
            data-testid="submit"
            disabled={actions.busy() || stagedCount() === 0}
            onClick={submit}
          >
            Submit
          </button>
        </div>
      </Show>
    </>
  )
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`
}
