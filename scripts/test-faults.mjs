import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { findBrowser } from './find-browser.mjs'
import { sum } from './parts.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

/**
 * Runs the fault suite some number of times in a row, each round with other calls in its workloads.
 *
 * @param {object} how
 * @param {number} how.times
 * @param {number} how.first the seed of the first round's calls; each round's is one more
 * @param {boolean} how.brief with each fault as few times as in `npm test`, and not as often as it should be once
 * @param {readonly string[]} filters parts of the names of the files in `e2e/faults` to run
 * @returns {Promise<import('./tally.mjs').Part[]>} round by round
 */
async function testFaults({ times, first, brief }, filters) {
  const paths = filters.length === 0 ? ['faults/'] : filters.map((filter) => `faults/${filter}`)
  const TUTTI_BROWSER = await findBrowser()
  const rounds = []
  for (let round = 1; round <= times; round++) {
    const started = Date.now()
    const env = {
      TUTTI_BROWSER,
      TUTTI_FAULTS: brief ? 'brief' : 'all',
      TUTTI_SEED: String(first + round - 1),
    }
    const { passed, failed, failures } = await vitest('e2e', env, paths)
    rounds.push({ passed, failed, failures: failures.map((failure) => `round ${round}: ${failure}`) })
    const minutes = ((Date.now() - started) / 60_000).toFixed(1)
    console.log(`round ${round} of ${times}: ${passed} passed, ${failed} failed, ${minutes} min`)
  }
  return rounds
}

// `npm run test:faults -- --times 20 --seed 1 --brief death hang`
await main(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    options: {
      times: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      brief: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const times = wholeNumber('--times', values.times)
  const first = wholeNumber('--seed', values.seed)
  await build()
  return sum(await testFaults({ times, first, brief: values.brief }, positionals))
})

/** @param {string} option @param {string} text */
function wholeNumber(option, text) {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} takes a whole number from 1, not ${text}`)
  return number
}
