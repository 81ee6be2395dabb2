import type { Clock } from '../platform/platform.ts'
import type { Connection } from './connection.ts'
import { INTERRUPT } from './result-codes.ts'
import { SqliteFailure } from './sqlite-failure.ts'

/** How long a statement may run, who may stop it, and who is told that it still does (R23). */
export interface Limits {
  /** Monotonic clock, ms. */
  readonly deadline: number
  /** Asked from the progress handler; true interrupts the statement with `AbortedError`. */
  readonly cancelled: () => boolean
}

/** Why a statement was interrupted. */
export type Stop = 'deadline' | 'cancelled'

/** Steps of SQLite's virtual machine between two looks at the clock: well below a millisecond of work. */
const OPERATIONS = 10_000

/** How often a running statement asks `cancelled` and says that it is alive, in ms. */
export const HEARTBEAT = 50

/** For work that must not be stopped, but still says that it is alive. */
export const UNLIMITED: Limits = { deadline: Number.POSITIVE_INFINITY, cancelled: () => false }

/**
 * The progress handler of one connection (R23). It acts only inside {@link run}: Tutti's own statements
 * and COMMIT are never interrupted.
 */
export class Deadline {
  readonly #clock: Pick<Clock, 'mono'>
  readonly #onProgress: () => void
  #limits: Limits | null = null
  #latest: Limits | null = null
  #lastBeat = 0
  #stopped: Stop | null = null

  constructor(connection: Connection, clock: Pick<Clock, 'mono'>, onProgress: () => void) {
    this.#clock = clock
    this.#onProgress = onProgress
    connection.setProgressHandler(OPERATIONS, () => this.#check())
  }

  /** Why the latest {@link run} was interrupted; `null` if it was not. */
  get stopped(): Stop | null {
    return this.#stopped
  }

  /**
   * Runs one statement. Those of one call share the same `limits`, and so one deadline and one heartbeat:
   * many short ones are as long as one long one.
   * @throws SqliteFailure (SQLITE_INTERRUPT), also before the work began.
   */
  run<T>(limits: Limits, work: () => T): T {
    if (limits !== this.#latest) this.#lastBeat = this.#clock.mono()
    this.#latest = limits
    this.#limits = limits
    this.#stopped = null
    try {
      if (this.#check()) throw new SqliteFailure(INTERRUPT, 'interrupted')
      return work()
    } finally {
      this.#limits = null
    }
  }

  #check(): boolean {
    if (this.#limits === null) return false
    const now = this.#clock.mono()
    if (now >= this.#limits.deadline) this.#stopped = 'deadline'
    else if (now - this.#lastBeat >= HEARTBEAT) {
      this.#lastBeat = now
      this.#onProgress()
      if (this.#limits.cancelled()) this.#stopped = 'cancelled'
    }
    return this.#stopped !== null
  }
}
