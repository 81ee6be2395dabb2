import type { SimulatedContext } from './context.ts'
import type { Prng } from './prng.ts'

/** One thing that will happen, at `due` or later. */
export interface SimulatedEvent {
  /** World time in ms. */
  due: number
  /** Where it runs; `null` for the browser itself. */
  readonly context: SimulatedContext | null
  readonly what: string
  /** A page in the back/forward cache misses it for good, instead of getting it late. */
  readonly missable?: boolean
  /** Checked just before it would run: `false` drops it. */
  readonly valid?: () => boolean
  readonly run: () => void
  /** Whether it ran or was dropped, its stream goes on. */
  readonly done?: () => void
}

/**
 * What will happen, ordered by time. A sorted array: some hundred events at most wait at once, and
 * the choice among the first few needs their index.
 */
export class EventQueue {
  readonly #events: SimulatedEvent[] = []

  get nextDue(): number | undefined {
    return this.#events[0]?.due
  }

  add(event: SimulatedEvent): void {
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle] as SimulatedEvent).due <= event.due) low = middle + 1
      else high = middle
    }
    this.#events.splice(low, 0, event)
  }

  /** Takes one of the events that are due within `jitter` ms of the first. */
  take(prng: Prng, jitter: number): SimulatedEvent | undefined {
    const first = this.#events[0]
    if (first === undefined) return undefined
    let rivals = 1
    while (rivals < this.#events.length && (this.#events[rivals] as SimulatedEvent).due <= first.due + jitter)
      rivals++
    return this.#events.splice(rivals === 1 ? 0 : prng.below(rivals), 1)[0]
  }

  remove(event: SimulatedEvent): void {
    const index = this.#events.indexOf(event)
    if (index >= 0) this.#events.splice(index, 1)
  }
}
