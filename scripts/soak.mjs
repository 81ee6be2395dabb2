import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { findBrowser } from './find-browser.mjs'
import { sum } from './parts.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

// Random faults under a random workload in five tabs of a real browser: `npm run soak -- --minutes 30 --seed 1`.
await main(import.meta.url, async () => {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
  })
  await build()
  const env = {
    TUTTI_BROWSER: await findBrowser(),
    TUTTI_SEED: values.seed,
    TUTTI_SOAK_MINUTES: values.minutes,
  }
  return sum([await vitest('e2e', env, ['--config', 'soak/vitest.config.ts'])])
})
