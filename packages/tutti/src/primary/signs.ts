import type { Clock, Timer } from '../platform/platform.ts'

/** A sign is good for so long, ms: a small part of the silence after which a primary is terminated (R23). */
const GOOD = 500

/**
 * Shows the member of this tab whether work is under way, no more often than it has to know: a post costs as much
 * as a small write.
 */
export class Signs {
  readonly #clock: Clock
  readonly #tell: (sign: 'working' | 'idle') => void
  #workingUntil = Number.NEGATIVE_INFINITY
  #idle: Timer | undefined

  constructor(clock: Clock, tell: (sign: 'working' | 'idle') => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** Before work begins, and from within: from the progress handler, and while files are opened. */
  working(): void {
    this.#idle?.cancel()
    const now = this.#clock.mono()
    if (now < this.#workingUntil) return
    this.#workingUntil = now + GOOD
    this.#tell('working')
  }

  /** Nothing is left to do. */
  idle(): void {
    this.#idle?.cancel()
    this.#idle = this.#clock.after(GOOD, () => {
      this.#workingUntil = Number.NEGATIVE_INFINITY
      this.#tell('idle')
    })
  }

  close(): void {
    this.#idle?.cancel()
  }
}
