import type { JSX } from 'solid-js'
import type { PracticeDay } from './practice-day.ts'

/** How much is staged, and the two buttons that move it on and back. Stays in view. */
export function SubmitBar(props: { readonly day: PracticeDay }): JSX.Element {
  return (
    <div class="submit-bar">
      <p class="submit-count">
        <strong data-testid="staged-count">{props.day.stagedCount()}</strong> staged
      </p>
      <p class="keys quiet" aria-hidden="true">
        <kbd>1</kbd>–<kbd>4</kbd> rate · <kbd>J</kbd> <kbd>K</kbd> move · <kbd>Ctrl</kbd> <kbd>Enter</kbd>{' '}
        submit
      </p>
      <button
        type="button"
        class="button button-quiet"
        data-testid="undo"
        disabled={props.day.busy() || !props.day.canUndo()}
        onClick={() => props.day.undo()}
      >
        Undo<span class="wide-only"> last submit</span>
      </button>
      <button
        type="button"
        class="button button-primary"
        data-testid="submit"
        disabled={props.day.busy() || props.day.stagedCount() === 0}
        onClick={() => props.day.submit()}
      >
        Submit
      </button>
    </div>
  )
}
