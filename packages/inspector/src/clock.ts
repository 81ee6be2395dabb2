/** Time as the inspector needs it, passed in so that tests can hold it still. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number
  /** Calls back once after `ms`; returns a function that cancels it. */
  after(ms: number, callback: () => void): () => void
}

export const browserClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
