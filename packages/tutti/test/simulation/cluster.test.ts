import { test } from 'vitest'
import { runCluster } from './cluster-run.ts'
import { forEachSeed, seeds } from './seeds.ts'

const SEEDS = 100

test(`P1 P3 P4 I1 to I6 hold in ${SEEDS} seeded runs of the whole cluster under faults`, async () => {
  await forEachSeed(seeds(SEEDS), async (seed) => {
    await runCluster(seed)
  })
}, 600_000)
