import type { Locks } from '../platform/platform.ts'

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
