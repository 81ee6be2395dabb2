import { expect, test } from 'vitest'
import { forEachSeed, seeds } from '../simulation/seeds.ts'
import { runOracle, type Tally } from './oracle.ts'

test('P1.2 P1.3 what live queries tell is what a full run gives after each commit: random queries, random writes', async () => {
  const tally: Tally = { pairs: 0, woken: 0, inVain: 0, changed: 0, kept: 0, queries: 0, commits: 0 }
  await forEachSeed(seeds(50), (seed) => runOracle(seed, tally))
  const { pairs, woken, inVain, changed, kept, queries, commits } = tally
  console.log(
    `${queries} queries, ${commits} commits, ${pairs} pairs: ${changed} results changed and kept ${kept} rows, ` +
      `${woken} were run again, ${inVain} of them in vain, ${pairs - woken} were left asleep`,
  )
  // Where everything is woken, or nothing changes, the comparison proves nothing.
  expect(changed).toBeGreaterThan(pairs / 50)
  expect(kept).toBeGreaterThan(changed)
  expect(pairs - woken).toBeGreaterThan(pairs / 4)
}, 600_000)
