import type { Clock } from './clock.ts'

export interface Coalescer {
  /** Asks for one more run that starts after this call. */
  request(): void
  /** Requests are remembered, and run on `resume`. */
  pause(): void
  resume(): void
  dispose(): void
}

export interface CoalescerOptions {
  /** Must not reject. */
  readonly task: () => Promise<void>
  /** The pause between two runs, ms, from how long the last one took: keeps the load of a slow task bounded. */
  readonly gap: (lasted: number) => number
  readonly clock: Clock
}

/**
 * Turns any number of requests into runs of one task: never two at a time, never more often than `gap`
 * allows, and always one that starts after the last request.
 */
export function createCoalescer({ task, gap, clock }: CoalescerOptions): Coalescer {
  let wanted = false
  let running = false
  let paused = false
  let disposed = false
  let earliest = Number.NEGATIVE_INFINITY
  let cancelTimer: (() => void) | undefined

  function pump(): void {
    if (!wanted || running || paused || disposed || cancelTimer) return
    const wait = earliest - clock.now()
    if (wait > 0) {
      cancelTimer = clock.after(wait, () => {
        cancelTimer = undefined
        pump()
      })
      return
    }
    void run()
  }

  async function run(): Promise<void> {
    wanted = false
    running = true
    const started = clock.now()
    await task()
    running = false
    earliest = clock.now() + gap(clock.now() - started)
    pump()
  }

  return {
    request() {
      wanted = true
      pump()
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      pump()
    },
    dispose() {
      disposed = true
      cancelTimer?.()
    },
  }
}
