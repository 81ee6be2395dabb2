import type { Clock, Timer } from '../../platform/platform.ts'
import type { LiveQuery } from './live-query.ts'

/** The pause after a first failure, ms; each failure after it doubles that, up to the longest. */
const FIRST = 1000
const LONGEST = 30_000

/** Nobody could be asked: these cost nothing, and pass with the first word of a primary. */
const ABSENT: ReadonlySet<string> = new Set(['STALE_READ', 'PRIMARY_UNAVAILABLE'])
/** It took too long, or the storage failed: these may pass, and cost much if they come again. */
const COSTLY: ReadonlySet<string> = new Set(['STATEMENT_TIMEOUT', 'CALL_TIMEOUT', 'STORAGE_FAILED'])

/** Whether a failure with this code comes of there being no primary. */
export function isAbsence(code: string | undefined): boolean {
  return code !== undefined && ABSENT.has(code)
}

/** Whether what failed with this code may succeed later, though no commit comes. */
export function mayPass(code: string | undefined): boolean {
  return isAbsence(code) || (code !== undefined && COSTLY.has(code))
}

/** Live queries that failed for a reason that may pass by itself: each is tried again after a pause. */
export class Pauses {
  readonly #clock: Clock
  readonly #tryAgain: (query: LiveQuery) => void
  readonly #timers = new Map<LiveQuery, { readonly timer: Timer; readonly absence: boolean }>()

  constructor(clock: Clock, tryAgain: (query: LiveQuery) => void) {
    this.#clock = clock
    this.#tryAgain = tryAgain
  }

  /** `failures`: how often in a row. */
  begin(query: LiveQuery, code: string | undefined, failures: number): void {
    this.end(query)
    const ms = Math.min(FIRST * 2 ** (failures - 1), LONGEST)
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(query)
      this.#tryAgain(query)
    })
    this.#timers.set(query, { timer, absence: isAbsence(code) })
  }

  end(query: LiveQuery): void {
    this.#timers.get(query)?.timer.cancel()
    this.#timers.delete(query)
  }

  /** True while a commit is no reason to run: what takes too long would be run without end. */
  rests(query: LiveQuery): boolean {
    return this.#timers.get(query)?.absence === false
  }

  /** There is a primary: what failed for want of one is not kept waiting. */
  endAbsences(): void {
    for (const [query, { absence }] of [...this.#timers]) {
      if (!absence) continue
      this.end(query)
      this.#tryAgain(query)
    }
  }

  close(): void {
    for (const query of [...this.#timers.keys()]) this.end(query)
  }
}
