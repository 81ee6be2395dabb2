import type { Clock } from '../platform/platform.ts'
import { HEARTBEAT } from '../sqlite/deadline.ts'

/** Says `alive` when it is called, but not again within a heartbeat: for work that has many small steps. */
export function createPulse(clock: Pick<Clock, 'mono'>, alive: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock.mono()
    if (now - last < HEARTBEAT) return
    last = now
    alive()
  }
}
