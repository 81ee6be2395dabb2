import { expect, test } from 'vitest'
import { runLive } from './live-run.ts'
import { forEachSeed, seeds } from './seeds.ts'

test('P1.2 under random faults every live query ends with what the database has, and never goes back or repeats itself', async () => {
  await forEachSeed(seeds(10), async (seed) => {
    expect(await runLive(seed)).toEqual([])
  })
}, 600_000)
