import { expect, test } from 'vitest'
import { runCluster } from './cluster-run.ts'
import { forEachSeed, half, seeds } from './seeds.ts'

/** How many seeded runs of the whole cluster `npm test` makes, in both halves together. */
export const RUNS = 10_000

/** Registers the test of one half of the seeds. */
export function proveCluster(which: 'odd' | 'even'): void {
  const list = half(which, seeds(RUNS))
  test(
    `P1.1 P3 P4 R9: I1 to I7 hold in ${list.length} seeded runs of the whole cluster under faults`,
    async () => {
      let events = 0
      await forEachSeed(list, async (seed) => {
        events += (await runCluster(seed)).events
      })
      expect(events).toBeGreaterThan(list.length)
    },
    20 * 60_000,
  )
}
