/** What the simulation needs of the process that it runs in. */
export interface Host {
  /** Resolves when every microtask that is queued, or that those queue, has run. */
  drain(): Promise<void>
  /** Gives errors that nobody caught to `listener` alone, until the returned function is called. */
  capture(listener: (error: unknown) => void): () => void
}

type Listener = (error: unknown) => void

interface NodeScope {
  readonly setImmediate: (callback: () => void) => unknown
  readonly process: {
    listeners(event: string): Listener[]
    removeAllListeners(event: string): unknown
    on(event: string, listener: Listener): unknown
  }
}

const UNCAUGHT = ['unhandledRejection', 'uncaughtException']

/** How many immediates are ordered at once. */
const ORDERED = 64

/**
 * The host that Node is. Node empties its microtask queue, and reports what nobody caught, between one
 * immediate and the next, so that an immediate is a sure way to wait for both; and the cheapest one where
 * they are ordered in advance, since each new order costs a turn of the event loop with a system call.
 */
export function nodeHost(scope: unknown = globalThis): Host {
  const { setImmediate, process } = scope as NodeScope
  let ordered = 0
  let waiting: (() => void)[] = []
  const arrive = () => {
    ordered--
    const due = waiting
    waiting = []
    for (const resolve of due) resolve()
  }
  return {
    drain: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        if (ordered > 0) return
        for (ordered = 0; ordered < ORDERED; ordered++) setImmediate(arrive)
      }),
    capture(listener) {
      const replaced = UNCAUGHT.map((event) => ({ event, listeners: process.listeners(event) }))
      for (const { event } of replaced) {
        process.removeAllListeners(event)
        process.on(event, listener)
      }
      return () => {
        for (const { event, listeners } of replaced) {
          process.removeAllListeners(event)
          for (const other of listeners) process.on(event, other)
        }
      }
    },
  }
}
