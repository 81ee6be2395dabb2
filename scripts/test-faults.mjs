import { parseArgs } from 'node:util'
import { build, libraries } from './build.mjs'
import { findBrowser } from './find-browser.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

/**
 * Runs the fault suite as often as it should be run once (`TUTTI_FAULTS=all`), some number of times in a row,
 * each round with other calls in its workloads.
 *
 * @param {number} times
 * @param {readonly string[]} filters parts of the names of the files in `e2e/faults` to run
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function testFaults(times, filters) {
  const paths = filters.length === 0 ? ['faults/'] : filters.map((filter) => `faults/${filter}`)
  const TUTTI_BROWSER = await findBrowser()
  const sum = { passed: 0, failed: 0 }
  for (let round = 1; round <= times; round++) {
    const started = Date.now()
    const env = { TUTTI_BROWSER, TUTTI_FAULTS: 'all', TUTTI_SEED: process.env['TUTTI_SEED'] ?? String(round) }
    const { passed, failed } = await vitest('e2e', env, paths)
    sum.passed += passed
    sum.failed += failed
    const minutes = ((Date.now() - started) / 60_000).toFixed(1)
    console.log(`round ${round} of ${times}: ${passed} passed, ${failed} failed, ${minutes} min`)
  }
  return sum
}

// `npm run test:faults -- --times 20 death hang`
await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    options: { times: { type: 'string', default: '1' } },
    allowPositionals: true,
  })
  const times = Number(values.times)
  if (!Number.isInteger(times) || times < 1)
    throw new Error(`--times takes a number of rounds, not ${values.times}`)
  await build([...libraries, 'e2e'])
  const { passed, failed } = await testFaults(times, positionals)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
})
