import type { PageClock } from './page-environment.ts'

/** Waits for `promise`, but no longer than `ms`; a rejection is an end like any other. */
export function within(clock: PageClock, ms: number, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve)
    const done = (): void => {
      timer.cancel()
      resolve()
    }
    promise.then(done, done)
  })
}
