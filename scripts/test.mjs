import { build } from './build.mjs'
import { check } from './check.mjs'
import { findBrowser } from './find-browser.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

/** @param {() => Promise<{ passed: number, failed: number }>} part */
async function orFailed(part) {
  try {
    return await part()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1 }
  }
}

await main(import.meta.url, async () => {
  const parts = [
    await orFailed(async () => build().then(() => ({ passed: 1, failed: 0 }))),
    await orFailed(check),
    await orFailed(() => vitest('.')),
    await orFailed(async () => vitest('e2e', { TUTTI_BROWSER: await findBrowser() })),
  ]
  const passed = parts.reduce((sum, part) => sum + part.passed, 0)
  const failed = parts.reduce((sum, part) => sum + part.failed, 0)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
})
