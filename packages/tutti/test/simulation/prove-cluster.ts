import { beforeAll, expect, test } from 'vitest'
import { bundleRuns } from './bundle-runs.ts'
import type { Mark } from './many-runs.ts'
import { allSeeds, forEachSeed, half, seeds } from './seeds.ts'

/** How many seeded runs of the whole cluster `npm test` makes, in both halves together. */
export const RUNS = 10_000

/** Registers the test of one half of the seeds. */
export function proveCluster(which: 'odd' | 'even'): void {
  const list = half(which, seeds(RUNS))
  const counts = new Map<string, number>()
  let runs: Awaited<ReturnType<typeof bundleRuns>>
  beforeAll(async () => {
    runs = await bundleRuns()
    for (const name of Object.keys(runs.MARKS)) counts.set(name, 0)
    runs.listenToMarks((name: Mark) => void counts.set(name, (counts.get(name) ?? 0) + 1))
  })

  test(
    `P1.1 P2 P3 P4 R9 R17 R20: I1 to I7 hold in ${list.length} seeded runs of the whole cluster under faults`,
    async () => {
      let events = 0
      await forEachSeed(list, async (seed) => {
        events += (await runs.runCluster(seed)).events
      })
      expect(events).toBeGreaterThan(list.length)
    },
    60 * 60_000,
  )

  test.runIf(allSeeds)('each of its rare branches was taken in them', () => {
    const table = [...counts]
      .toSorted(([, a], [, b]) => a - b)
      .map(([name, n]) => `${n}`.padStart(9) + ` ${name}`)
    console.info(`The ${which} seeds took\n${table.join('\n')}`)
    expect([...counts].filter(([, count]) => count === 0)).toEqual([])
  })
}
