import { For, type JSX } from 'solid-js'
import { type Rating, ratings } from '../review/rating.ts'

interface RatingGroupProps {
  readonly title: string
  readonly name: string
  readonly rating: Rating | null
  /** What stands under each choice: how long until the tune would come back. */
  readonly interval: (rating: Rating) => string
  readonly onChoose: (rating: Rating) => void
}

/** The four answers as one radio group: arrows and the keys 1 to 4 choose. */
export function RatingGroup(props: RatingGroupProps): JSX.Element {
  return (
    <fieldset class="ratings">
      <legend class="visually-hidden">How well did you recall {props.title}?</legend>
      <For each={ratings}>
        {({ value, name, slug }) => (
          <label class={`rating rating-${slug}`}>
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={props.rating === value}
              data-testid={`rate-${slug}`}
              onChange={() => props.onChoose(value)}
            />
            <span class="rating-name">{name}</span>
            <span class="rating-interval">
              <span class="visually-hidden">, again in </span>
              {props.interval(value)}
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
