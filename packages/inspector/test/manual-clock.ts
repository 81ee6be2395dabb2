import type { Clock } from '../src/clock.ts'

export interface ManualClock extends Clock {
  /** Lets time pass, and calls back what is due. */
  advance(ms: number): void
  /** Timers that are set. */
  readonly waiting: number
}

export function createManualClock(): ManualClock {
  let time = 0
  let timers: { readonly at: number; readonly callback: () => void }[] = []
  return {
    now: () => time,
    after(ms, callback) {
      const timer = { at: time + ms, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    advance(ms) {
      time += ms
      const due = timers.filter((timer) => timer.at <= time)
      timers = timers.filter((timer) => timer.at > time)
      for (const timer of due) timer.callback()
    },
    get waiting() {
      return timers.length
    },
  }
}

/** Lets every promise that can settle do so. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
