import type { Clock, HeldLock, Locks, Timer } from '../platform/platform.ts'

/** Who went to the end, and is the first again within so long, was never another than the first, ms. */
const GRACE = 1000

export interface StandbyOptions {
  readonly locks: Locks
  readonly clock: Clock
  readonly lock: string
  /** This member is likely to be the next candidate; or still is, after a moment at the end. */
  readonly onFirst: () => void
  /** Another one is. */
  readonly onOver: () => void
}

/**
 * A member's place in a second queue, beside the one for the candidate lock and in the same order: the first in it
 * makes ready for being elected, so that a failover need not wait for that. A hint and no rule: whoever is elected
 * unprepared prepares then.
 */
export class Standby {
  readonly #options: StandbyOptions
  #queued: AbortController | undefined
  #held: HeldLock | undefined
  #grace: Timer | undefined

  constructor(options: StandbyOptions) {
    this.#options = options
  }

  /** Whether this member is to be ready. */
  get first(): boolean {
    return this.#held !== undefined || this.#grace !== undefined
  }

  /** Joins the end of the queue, if not in it. */
  enter(): void {
    if (this.#queued !== undefined || this.#held !== undefined) return
    const { locks, lock } = this.#options
    const queued = new AbortController()
    this.#queued = queued
    locks.request(lock, { signal: queued.signal }).then(
      (held) => {
        if (queued.signal.aborted) return held.release()
        this.#queued = undefined
        this.#begin(held)
      },
      () => {
        if (this.#queued === queued) this.#queued = undefined
      },
    )
  }

  /** Lets those that wait now go first. */
  goToTheEnd(): void {
    if (this.#held !== undefined) {
      this.#letGo()
      this.#grace = this.#options.clock.after(GRACE, () => {
        this.#grace = undefined
        this.#options.onOver()
      })
    } else if (this.#queued === undefined) return
    this.#leaveQueue()
    this.enter()
  }

  /** Leaves the queue: elected, suspended, or leaving. */
  withdraw(): void {
    const { first } = this
    this.#leaveQueue()
    this.#letGo()
    this.#grace?.cancel()
    this.#grace = undefined
    if (first) this.#options.onOver()
  }

  #begin(held: HeldLock): void {
    this.#held = held
    void held.lost.then(() => this.withdraw())
    this.#grace?.cancel()
    this.#grace = undefined
    this.#options.onFirst()
  }

  #leaveQueue(): void {
    this.#queued?.abort()
    this.#queued = undefined
  }

  #letGo(): void {
    this.#held?.release()
    this.#held = undefined
  }
}
