import { type JSX, Show } from 'solid-js'
import { bucketName } from '../queue/pick-queue.ts'
import type { PracticeRow } from '../queue/practice-list.ts'
import { type Rating, ratings } from '../review/rating.ts'
import type { Scheduler } from '../review/scheduler.ts'
import { relativeDay, shortDate, shortInterval } from '../ui/dates.ts'
import type { Evaluations } from './evaluations.ts'
import { RatingGroup } from './rating-group.tsx'

interface QueueRowProps {
  readonly row: PracticeRow
  readonly now: Date
  readonly scheduler: Scheduler
  readonly evaluations: Evaluations
}

export function QueueRow(props: QueueRowProps): JSX.Element {
  const done = (): boolean => props.row.completedAt !== null
  const chosen = (): Rating | null => props.evaluations.rating(props.row)
  const failed = (): boolean => props.evaluations.failed(props.row)
  const choose = (rating: Rating | null): void => props.evaluations.choose(props.row, rating)
  const intervalOf = (rating: Rating): string =>
    shortInterval(props.scheduler.review(props.row.latest, rating, props.now).scheduledDays)

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    if (done() || event.ctrlKey || event.metaKey || event.altKey) return
    const rating = ratings.find(({ value }) => event.key === String(value))
    if (rating !== undefined) {
      choose(rating.value)
      event.currentTarget.querySelector<HTMLInputElement>(`input[value="${rating.value}"]`)?.focus()
    } else if (event.key === 'Backspace' && chosen() !== null) choose(null)
    else return
    event.preventDefault()
  }

  return (
    <li
      class="queue-row"
      classList={{ 'queue-row-done': done(), 'queue-row-failed': failed() }}
      data-testid="queue-row"
      data-tune={props.row.tuneRef}
      data-bucket={props.row.bucket}
      onKeyDown={onKeyDown}
    >
      <div class="queue-tune">
        <h3 class="queue-title">{props.row.title}</h3>
        <p class="quiet">
          {props.row.type} · {props.row.tonic} {props.row.mode}
        </p>
      </div>
      <span class={`bucket bucket-${props.row.bucket}`}>{bucketName[props.row.bucket]}</span>
      <p class="queue-last quiet">
        <span class="queue-label">Last practised </span>
        <Show when={props.row.latest} fallback="never">
          {(latest) => (
            <time dateTime={latest().practiced}>{relativeDay(latest().practiced, props.now)}</time>
          )}
        </Show>
      </p>
      <Show
        when={!done()}
        fallback={
          <p class="queue-done">
            <span aria-hidden="true">✓ </span>Done
            <Show when={props.row.latest}>
              {(latest) => <span class="quiet"> · again {dueText(latest().due, props.now)}</span>}
            </Show>
          </p>
        }
      >
        <div class="queue-recall">
          <RatingGroup
            title={props.row.title}
            name={`rating-${props.row.id}`}
            rating={chosen()}
            interval={intervalOf}
            onChoose={choose}
          />
          <p class="queue-preview" aria-live="polite" data-testid="preview">
            <Show when={failed()}>
              <span class="danger">Not saved. </span>
              <button type="button" class="link-button" onClick={() => choose(chosen())}>
                Try again
              </button>
            </Show>
            <Show when={!failed() && chosen() !== null ? props.row.stagedDue : null}>
              {(due) => (
                <>
                  Next {dueText(due(), props.now)}
                  <button
                    type="button"
                    class="link-button"
                    aria-label={`Clear the evaluation of ${props.row.title}`}
                    data-testid="clear-evaluation"
                    onClick={() => choose(null)}
                  >
                    Clear
                  </button>
                </>
              )}
            </Show>
            <Show when={!failed() && chosen() === null}>{standing(props.row, props.now)}</Show>
          </p>
        </div>
      </Show>
    </li>
  )
}

/** What the schedule says of a tune that has no evaluation yet. */
function standing(row: PracticeRow, now: Date): string {
  if (row.latest === null) return 'A new tune'
  const day = relativeDay(row.latest.due, now)
  return row.bucket === 1 ? `Due ${day}` : `Was due ${day}`
}

function dueText(due: string, now: Date): string {
  return `${shortDate(due)}, ${relativeDay(due, now)}`
}
