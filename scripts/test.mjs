import { build } from './build.mjs'
import { check } from './check.mjs'
import { findBrowser } from './find-browser.mjs'
import { orFailed, sum } from './parts.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

await main(import.meta.url, async () => {
  const parts = [
    await orFailed(async () => build().then(() => ({ passed: 1, failed: 0, failures: [] }))),
    await orFailed(check),
    await orFailed(() => vitest('.')),
    await orFailed(async () => vitest('e2e', { TUTTI_BROWSER: await findBrowser() })),
  ]
  return sum(parts)
})
