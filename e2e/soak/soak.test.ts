import { createPrng } from '../../packages/tutti/src/platform/simulated/prng.ts'
import { test } from '../harness/test.ts'
import { runSoakRound } from './soak-round.ts'
import { SoakSummary } from './soak-summary.ts'

const seed = Number(process.env['TUTTI_SEED'] ?? 1)
const minutes = Number(process.env['TUTTI_SOAK_MINUTES'] ?? 30)
/** The last round is not cut short. */
const ROOM = 10 * 60_000

test(`I1 to I8 hold for ${minutes} minutes of random faults, seed ${seed}`, {
  timeout: minutes * 60_000 + ROOM,
}, async ({ site }) => {
  const prng = createPrng(seed)
  const summary = new SoakSummary()
  const end = performance.now() + minutes * 60_000
  for (let round = 1; performance.now() < end; round++) {
    await runSoakRound({ site, title: `soak ${seed} round ${round}`, prng, summary })
    console.log(`after round ${round}\n${summary}`)
  }
})
