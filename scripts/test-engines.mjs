import { build } from './build.mjs'
import { findBrowser } from './find-browser.mjs'
import { findFirefox, findWebKit } from './find-engines.mjs'
import { installOnDebian } from './install-on-debian.mjs'
import { orFailed, sum } from './parts.mjs'
import { main } from './run.mjs'
import { vitest } from './vitest.mjs'

/**
 * @typedef {object} Engine
 * @property {readonly string[]} packages of Debian
 * @property {() => unknown} find throws where the engine is not here
 */

/** @type {Record<string, Engine>} */
const engines = {
  chromium: { packages: ['chromium'], find: findBrowser },
  firefox: { packages: ['firefox-esr'], find: findFirefox },
  webkit: {
    packages: ['gir1.2-webkit2-4.1', 'gir1.2-gtk-3.0', 'python3-gi', 'xvfb'],
    find: findWebKit,
  },
}

/**
 * Runs the engines' contract in one engine. An engine that cannot be had is a failure: what was not tested is
 * not known to work.
 *
 * @param {string} name
 */
async function testEngine(name) {
  const engine = engines[name]
  if (engine === undefined) throw new Error(`${name} is none of ${Object.keys(engines).join(', ')}`)
  try {
    await engine.find()
  } catch {
    await installOnDebian(engine.packages)
  }
  try {
    await engine.find()
  } catch (error) {
    throw new Error(`${name} could not be tested: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
  return vitest('e2e', {}, ['--config', 'engines/vitest.config.ts', `engines/${name}.test.ts`])
}

await main(import.meta.url, async () => {
  const asked = process.argv.slice(2)
  const parts = [await orFailed(async () => build().then(() => ({ passed: 1, failed: 0, failures: [] })))]
  for (const name of asked.length > 0 ? asked : Object.keys(engines)) {
    parts.push(await orFailed(() => testEngine(name)))
  }
  return sum(parts)
})
