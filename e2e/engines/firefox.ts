import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, launch } from 'puppeteer-core'
import { findFirefox } from '../../scripts/find-engines.mjs'
import { burningProcess } from './burning-process.ts'
import type { Engine, EngineOptions, EngineTab } from './engine.ts'

/** Firefox, over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'Firefox',
  rung: 'opfs',
  privateRung: 'indexeddb',
  // It keeps no page that holds a Web Lock.
  cachesPages: false,
  async launch(options = {}) {
    const profile = await mkdtemp(join(tmpdir(), 'tutti-profile-'))
    const log: string[] = []
    let browser = await start(profile, options)

    async function kill(): Promise<void> {
      const root = browser.process()
      if (root === null || root.exitCode !== null || root.signalCode !== null) return
      const gone = new Promise((resolve) => root.once('exit', resolve))
      root.kill('SIGKILL')
      await gone
      await browser.close().catch(() => undefined)
      // Puppeteer puts the profile's own settings back once the browser has ended, and says to nobody when it is done.
      while ((await readdir(profile)).some((file) => file.endsWith('.puppeteer'))) await delay(10)
    }

    return {
      version: (await browser.version()).replace(/^\w+\//, ''),
      log,
      note: (line) => void log.push(line),
      async newTab(url): Promise<EngineTab> {
        const root = rootPid(browser)
        const page = await browser.newPage()
        page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`))
        page.on('pageerror', (error) => log.push(`uncaught: ${String(error)}`))
        await page.goto(url)
        const tab: EngineTab = {
          evaluate: page.evaluate.bind(page),
          async goto(next) {
            await page.goto(next)
          },
          async back() {
            await page.goBack()
          },
          async reload() {
            await page.reload()
          },
          close: () => page.close(),
          pid: () => burningProcess(tab, root),
        }
        return tab
      },
      async restart() {
        await kill()
        browser = await start(profile, options)
      },
      async close() {
        await kill()
        await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      },
    }
  },
}

async function start(
  profile: string,
  { privately = false, fineClock = false }: EngineOptions,
): Promise<Browser> {
  return launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    userDataDir: profile,
    // A call may wait for as long as the test that made it.
    protocolTimeout: 0,
    extraPrefsFirefox: {
      'browser.privatebrowsing.autostart': privately,
      'privacy.reduceTimerPrecision': !fineClock,
      // Tabs of one site would share four processes, and then die together.
      'dom.ipc.processCount.webIsolated': 64,
    },
  })
}

function rootPid(browser: Browser): number {
  const pid = browser.process()?.pid
  if (pid === undefined) throw new Error('Firefox has no process')
  return pid
}
