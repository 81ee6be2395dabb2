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
  const rows = () => day.list() ?? []

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
      <Show when={!day.list.loading && rows().length === 0}>
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
      <Show when={day.list.error}>
        {(error) => (
          <p class="notice" role="alert">
            {describe(error()).message}
          </p>
        )}
      </Show>
      <ol class="queue" aria-label="Today's tunes" onKeyDown={onKeyDown}>
        {/* By id, so that a row which changes keeps its elements, and with them the focus. */}
        <For each={rows().map(({ id }) => id)}>
          {(id) => (
            <Show when={rows().find((row) => row.id === id)}>
              {(row) => (
                <QueueRow
                  row={row()}
                  now={day.now()}
                  scheduler={day.scheduler()}
                  evaluations={day.evaluations}
                />
              )}
            </Show>
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
  const rows = (): number => props.day.list()?.length ?? 0
  const done = (): number => props.day.list()?.filter((row) => row.completedAt !== null).length ?? 0
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
