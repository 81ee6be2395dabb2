import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { check } from './check.mjs'
import { findBrowser } from './find-browser.mjs'
import { main, root, run } from './run.mjs'
import { tally } from './tally.mjs'

/**
 * Runs vitest in a folder with the configuration found there.
 *
 * @param {string} folder
 * @param {Record<string, string>} [env]
 */
async function vitest(folder, env = {}) {
  const scratch = await mkdtemp(join(tmpdir(), 'tutti-test-'))
  const file = join(scratch, 'report.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run('vitest', args, { cwd: join(root, folder), env })
  const report = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
  await rm(scratch, { recursive: true })
  return tally(code, report)
}

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
