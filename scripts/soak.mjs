import { parseArgs } from 'node:util'
import { build, libraries } from './build.mjs'
import { findBrowser } from './find-browser.mjs'
import { main, root, run } from './run.mjs'

// Random faults under a random workload in five tabs of a real browser: `npm run soak -- --minutes 30 --seed 1`.
await main(import.meta.url, async () => {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
  })
  await build([...libraries, 'e2e'])
  const code = await run('vitest', ['run', '--config', 'vitest.soak.config.ts'], {
    cwd: `${root}e2e`,
    env: {
      TUTTI_BROWSER: await findBrowser(),
      TUTTI_SEED: values.seed,
      TUTTI_SOAK_MINUTES: values.minutes,
    },
  })
  return code === 0
})
