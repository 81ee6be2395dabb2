import { expect, test } from 'vitest'
import { forEachSeed, seeds } from '../simulation/seeds.ts'
import { runOracle, type Tally } from './oracle.ts'

test('P1.3 no commit that changes the result of a query leaves it asleep: random queries, random writes', async () => {
  const tally: Tally = { pairs: 0, woken: 0, inVain: 0, changed: 0, commits: 0 }
  await forEachSeed(seeds(20), (seed) => runOracle(seed, tally))
  const { pairs, woken, inVain, changed, commits } = tally
  console.log(
    `${commits} commits, ${pairs} pairs with queries: ${changed} results changed, ${woken} were run again, ` +
      `${inVain} of them in vain, ${pairs - woken} were left asleep`,
  )
  // Where everything is woken, or nothing changes, the comparison proves nothing.
  expect(changed).toBeGreaterThan(pairs / 50)
  expect(pairs - woken).toBeGreaterThan(pairs / 4)
}, 600_000)
