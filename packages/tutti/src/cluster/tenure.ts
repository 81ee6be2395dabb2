import { mark } from '../platform/marks.ts'
import type { Clock, Locks } from '../platform/platform.ts'
import { LEASE } from './lease.ts'

/** For so long a lease may count from the last time that the lock manager was asked, ms. */
const FRESH = LEASE / 4

export interface TenureOptions {
  readonly clock: Clock
  readonly locks: Pick<Locks, 'held'>
  /** Name of the lock that makes this the primary. */
  readonly lock: string
  /** Whoever has the lock, nobody else can commit while these files are open. */
  readonly exclusiveFiles: boolean
}

/**
 * Whether a primary still is one. That its lock was taken away it learns by a message, and after a pause (a
 * stopped process) that message may be on its way behind others; but a question to the lock manager cannot
 * overtake it (R5).
 */
export class Tenure {
  readonly #options: TenureOptions
  /** Then it certainly held the lock. */
  #held = Number.NEGATIVE_INFINITY
  /** Then it was running, and had not paused since it was last sure. */
  #ran: number

  constructor(options: TenureOptions) {
    this.#options = options
    this.#ran = options.clock.mono()
  }

  /** Resolves, asking first after a pause, when whatever was lost before it has been told. */
  async sure(): Promise<void> {
    const { clock } = this.#options
    // It may be stopped while it waits for the answer, too.
    while (clock.mono() - this.#ran > LEASE) {
      mark('a primary that slept asks for its lock')
      this.#ran = await this.#ask()
    }
    this.#ran = clock.mono()
  }

  /**
   * From when a lease counts that is lent now, ms: from when the lock was certainly held, so that the next
   * primary's barrier covers it, however late it leaves (R8). `undefined` where {@link ask} has to come first.
   */
  get lendsFrom(): number | undefined {
    const { clock, exclusiveFiles } = this.#options
    if (exclusiveFiles) return clock.mono()
    return clock.mono() - this.#held <= FRESH ? this.#held : undefined
  }

  /** Asks, however late the answer comes; returns the moment that {@link lendsFrom} would be. */
  async ask(): Promise<number> {
    this.#held = await this.#ask()
    return this.#held
  }

  /** Within a statement, which can ask nothing: false from its first pause on (R11). */
  runsOn(): boolean {
    const { clock, exclusiveFiles } = this.#options
    const runs = exclusiveFiles || clock.mono() - this.#ran <= LEASE
    if (runs) this.#ran = clock.mono()
    return runs
  }

  async #ask(): Promise<number> {
    const { clock, locks, lock } = this.#options
    const asked = clock.mono()
    await locks.held(lock)
    return asked
  }
}
