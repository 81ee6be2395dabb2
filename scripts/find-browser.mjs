import { chromium } from 'playwright-core'
import { findOnPath, isExecutable } from './find-on-path.mjs'
import { installOnDebian } from './install-on-debian.mjs'
import { main } from './run.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const advice = `No Chromium or Chrome was found, and none could be installed here. Either
  - install one (Debian: "apt-get install chromium"; anywhere: "npx playwright-core install chromium"), or
  - set TUTTI_BROWSER to the path of one.`

/**
 * Finds Chromium, Chrome or Playwright's own Chromium; on a Debian without one, installs it.
 *
 * @returns {Promise<string>} the path of the executable
 * @throws {Error} with advice, where there is none and none can be installed
 */
export async function findBrowser() {
  const found = findInstalled()
  if (found !== undefined) return found
  await installOnDebian(['chromium'])
  const installed = findInstalled()
  if (installed === undefined) throw new Error(advice)
  return installed
}

function findInstalled() {
  const asked = process.env['TUTTI_BROWSER']
  if (asked) return asked
  return findOnPath(names) ?? [...places, chromium.executablePath()].find(isExecutable)
}

await main(import.meta.url, async () => console.log(await findBrowser()))
