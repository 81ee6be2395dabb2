import { expect, test } from 'vitest'
import { runInThreads } from './run-in-threads.ts'
import { allSeeds, seeds } from './seeds.ts'

/** How many seeded runs of the whole cluster `npm test` makes. */
const RUNS = 10_000

const list = seeds(RUNS)
let taken: ReadonlyMap<string, number> = new Map()

test(
  `P1.1 P2 P3 P4 R9 R17 R20: I1 to I7 hold in ${list.length} seeded runs of the whole cluster under faults`,
  async () => {
    const run = await runInThreads(list)
    taken = run.taken
    expect(run.events).toBeGreaterThan(list.length)
  },
  60 * 60_000,
)

test.runIf(allSeeds)('each of its rare branches was taken in them', () => {
  const byCount = [...taken].toSorted(([, a], [, b]) => a - b)
  const table = byCount.map(([name, n]) => `${n}`.padStart(9) + ` ${name}`)
  console.info(`The ${list.length} seeds took\n${table.join('\n')}`)
  expect(byCount).not.toHaveLength(0)
  expect(byCount.filter(([, count]) => count === 0)).toEqual([])
})
