import { For, type JSX, Show } from 'solid-js'
import type { Scope } from '../data/db.ts'
import { useApp } from '../ui/app-context.ts'
import { longDate } from '../ui/dates.ts'
import { Link } from '../ui/router.tsx'
import { describe } from '../ui/toasts.tsx'
import { useWorkspace } from '../ui/workspace.ts'
import { moveBetweenRows } from './move-between-rows.ts'
import { createPracticeDay, type PracticeDay } from './practice-day.ts'
import { QueueRow } from './queue-row.tsx'
import { SubmitBar } from './submit-bar.tsx'

/** Today's tunes of one playlist, and what can be done with them. */
export function PracticeList(props: { readonly scope: Scope }): JSX.Element {
  const { db } = useWorkspace()
  const { router, toasts } = useApp()
  const day = createPracticeDay(db, props.scope, toasts)
  const rows = day.list.value

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && day.stagedCount() > 0) day.submit()
    else moveBetweenRows(event.currentTarget, event)
  }

  return (
    <>
      <Show when={day.isOver()}>
        <div class="banner" role="status" data-testid="new-day-banner">
          <p>A new day has begun. What is staged stays staged.</p>
          <button type="button" class="button" data-testid="new-day" onClick={() => day.start()}>
            Start the new day
          </button>
        </div>
      </Show>
      <QueueHead day={day} />
      <Show when={day.list.ready() && rows().length === 0}>
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
      <Show when={!day.list.ready() && day.list.error()}>
        {(error) => (
          <div class="notice" role="alert">
            <p>{describe(error()).message}</p>
            <button type="button" class="button" onClick={() => void day.list.refetch()}>
              Try again
            </button>
          </div>
        )}
      </Show>
      <ol class="queue" aria-label="Today's tunes" onKeyDown={onKeyDown}>
        <For each={rows()}>
          {(row) => (
            <QueueRow row={row} now={day.now()} scheduler={day.scheduler()} evaluations={day.evaluations} />
          )}
        </For>
      </ol>
      <Show when={rows().length > 0 || day.stagedCount() > 0}>
        <SubmitBar day={day} />
      </Show>
    </>
  )
}

function QueueHead(props: { readonly day: PracticeDay }): JSX.Element {
  const rows = (): number => props.day.list.value().length
  const done = (): number => props.day.list.value().filter((row) => row.completedAt !== null).length
  return (
    <div class="queue-head">
      <Show when={props.day.window()}>
        {(window) => <p class="queue-date">{longDate(window().startUtc, window().endUtc)}</p>}
      </Show>
      <Show when={rows() > 0}>
        <p class="progress">
          <progress max={rows()} value={done()} aria-label="Tunes done today" />
          {done()} of {rows()} done
        </p>
      </Show>
      <div class="queue-tools">
        <button
          type="button"
          class="button button-quiet"
          data-testid="add-more"
          disabled={props.day.busy()}
          onClick={() => props.day.addMore()}
        >
          Add more
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="regenerate"
          disabled={props.day.busy()}
          onClick={() => props.day.regenerate()}
        >
          Regenerate
        </button>
      </div>
    </div>
  )
}
