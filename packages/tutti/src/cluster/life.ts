import type { Clock, Locks, Timer } from '../platform/platform.ts'

/** How often a life in one's own tab is asked after, ms. */
const ASK_EVERY = 1000

/**
 * Learns of a death by waiting for the dead one's lock (DESIGN §3): nobody needs a timer for it, and
 * no hidden tab is taken for dead. Shared, because all who watch must learn of it, also behind one that
 * was granted the lock while it was frozen. Returns a function that stops the watch.
 */
export function watchLife(locks: Locks, lock: string, onDeath: () => void): () => void {
  const stop = new AbortController()
  locks.request(lock, { signal: stop.signal, shared: true }).then(
    (held) => {
      held.release()
      if (!stop.signal.aborted) onDeath()
    },
    () => undefined,
  )
  return () => stop.abort()
}

/**
 * Learns of the death of a worker of one's own tab, by asking now and then. To wait for its lock would be wrong: as
 * the page freezes it ends that worker, and the lock would be granted to one that is just being frozen. Chromium
 * crashes the page then: it calls JavaScript where it has forbidden it ("Invoke in
 * DisallowJavascriptExecutionScope"). Returns a function that stops the watch.
 */
export function askAfterLife(clock: Clock, locks: Locks, lock: string, onDeath: () => void): () => void {
  let stopped = false
  let timer: Timer
  const ask = async (): Promise<void> => {
    const held = await locks.held(lock).catch(() => [lock])
    if (stopped) return
    if (held.includes(lock)) askLater()
    else onDeath()
  }
  const askLater = (): void => {
    timer = clock.after(ASK_EVERY, () => void ask())
  }
  askLater()
  return () => {
    stopped = true
    timer.cancel()
  }
}
