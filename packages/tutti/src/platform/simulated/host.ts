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

/**
 * The host that Node is. Node empties its microtask queue, and reports what nobody caught, before it
 * starts another macrotask, so that one `setImmediate` is the cheapest sure way to wait for both.
 */
export function nodeHost(scope: unknown = globalThis): Host {
  const { setImmediate, process } = scope as NodeScope
  return {
    drain: () => new Promise((resolve) => setImmediate(resolve)),
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
