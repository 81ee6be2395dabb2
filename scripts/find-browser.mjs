import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import { main, run } from './run.mjs'

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
  await installOnDebian()
  const installed = findInstalled()
  if (installed === undefined) throw new Error(advice)
  return installed
}

function findInstalled() {
  const asked = process.env['TUTTI_BROWSER']
  if (asked) return asked
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, ...places, chromium.executablePath()].find(isExecutable)
}

async function installOnDebian() {
  if (!works('apt-get', ['--version'])) return
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (prefix.length > 0 && !works('sudo', ['-n', 'true'])) return
  for (const args of [['update'], ['install', '-y', 'chromium']]) {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args]
    await run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function works(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

await main(import.meta.url, async () => console.log(await findBrowser()))
