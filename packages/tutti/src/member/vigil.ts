import type { Clock, Timer } from '../platform/platform.ts'

/** While something is waited for it is looked after so often, ms. */
const LOOK = 500
/**
 * A look that is so late, ms, was due while this tab slept: for that time no primary was missing. A hidden tab's
 * timers wait for the next whole second, and are {@link LOOK} late.
 */
const SLEPT = 1000

/** Looks after what waits, as long as something does, and knows since when this tab has been awake. */
export class Vigil {
  readonly #clock: Pick<Clock, 'mono' | 'after'>
  readonly #look: () => boolean
  #timer: Timer | undefined
  #due = 0
  #awakeSince = Number.NEGATIVE_INFINITY

  /** @param look false when nothing is waited for any more */
  constructor(clock: Pick<Clock, 'mono' | 'after'>, look: () => boolean) {
    this.#clock = clock
    this.#look = look
  }

  /** Monotonic clock, ms. */
  awakeSince(): number {
    const now = this.#clock.mono()
    if (this.#timer !== undefined && now > this.#due + SLEPT) this.#awakeSince = now
    return this.#awakeSince
  }

  /** Something waits. */
  begin(): void {
    if (this.#timer !== undefined) return
    this.#due = this.#clock.mono() + LOOK
    this.#timer = this.#clock.after(LOOK, () => {
      this.awakeSince()
      this.#timer = undefined
      if (this.#look()) this.begin()
    })
  }

  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
