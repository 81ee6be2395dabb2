import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../scripts/find-browser.mjs'
import { launchAttached } from './attach.ts'
import { browserPid } from './processes.ts'
import { type Parts, takeAway } from './take-away.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Tabs of one site would share a renderer on a small machine, and then die together.
  '--renderer-process-limit=64',
  // Each window's address bar has a page of its own, made at once: a third of what a start costs. What
  // Playwright switches off by this flag, which counts once, has to do with other origins and with networks.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
]

/** How to launch a {@link TestBrowser}. */
export interface LaunchOptions extends Parts {
  /** Folder of the profile; by default a temporary one, deleted on `close`. */
  readonly profile?: string
  /** How much of JavaScript's memory a renderer may have, MiB; without it, what the browser thinks fit. */
  readonly heap?: number
  /** What starts the browser, where it is not the browser itself. */
  readonly executable?: string
  /** `true`: tabs are hidden, frozen, throttled and cached as a user's are, which Playwright prevents otherwise. */
  readonly lifecycle?: boolean
}

/** One browser with one profile and any number of tabs, which can be killed and started again. */
export interface TestBrowser {
  /** The running instance: another one after `restart`. */
  readonly context: BrowserContext
  readonly profile: string
  /** What pages and workers logged, and how tabs ended, one line each, over all restarts. */
  readonly log: readonly string[]
  /** Adds a line to the log. */
  note(line: string): void
  /** Opens a tab and waits until its page has loaded. */
  newTab(url: string): Promise<Page>
  /** SIGKILLs the browser's root process: no page hears of it, nothing is written any more. */
  kill(): Promise<void>
  /** Starts the browser on the same profile; kills it first where it still runs. */
  restart(): Promise<void>
  /** Ends the browser, and deletes the profile if it was a temporary one. */
  close(): Promise<void>
}

/**
 * Starts Chromium on a persistent profile: what tabs of one user share, they share here, and a restart finds
 * it again.
 */
export async function launchBrowser({ profile, ...settings }: LaunchOptions = {}): Promise<TestBrowser> {
  const folder = profile ?? (await mkdtemp(join(tmpdir(), 'tutti-profile-')))
  const log: string[] = []
  let { context, pid, gone } = await start(folder, settings, log)
  let running = true

  async function kill(): Promise<void> {
    if (!running) return
    running = false
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It may have ended by itself.
    }
    await gone
  }

  return {
    profile: folder,
    log,
    get context() {
      return context
    },
    note: (line) => void log.push(line),
    async newTab(url) {
      const page = await context.newPage()
      await page.goto(url)
      return page
    },
    kill,
    async restart() {
      await kill()
      ;({ context, pid, gone } = await start(folder, settings, log))
      running = true
    },
    async close() {
      if (profile === undefined) {
        // Nothing is to be kept, and a killed browser cannot wait for a frozen tab.
        await kill()
        await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      } else if (settings.lifecycle === true) {
        // A context that was only attached to does not end its browser.
        await kill()
      } else if (running) {
        await context.close()
        running = false
      }
    },
  }
}

async function start(
  profile: string,
  { heap, executable, lifecycle = false, ...settings }: Omit<LaunchOptions, 'profile'>,
  log: string[],
): Promise<{ context: BrowserContext; pid: number; gone: Promise<unknown> }> {
  const executablePath = executable ?? (await findBrowser())
  const args = heap === undefined ? flags : [...flags, `--js-flags=--max-old-space-size=${heap}`]
  // A service worker would answer with scripts as they were, with all that is taken away.
  const serviceWorkers = Object.values(settings).includes(false) ? 'block' : 'allow'
  const context = await (lifecycle
    ? launchAttached(executablePath, profile, args)
    : chromium.launchPersistentContext(profile, { executablePath, args, serviceWorkers }))
  const gone = new Promise((resolve) => context.once('close', resolve))
  let tabs = 0
  context.on('page', (page) => {
    const tab = `tab ${++tabs}`
    page.on('console', (message) => log.push(`${tab} ${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => log.push(`${tab} uncaught: ${error.stack ?? error.message}`))
    page.on('requestfailed', (request) => log.push(`${tab} request failed: ${request.url()}`))
    page.on('crash', () => log.push(`${tab} crashed`))
    page.on('close', () => log.push(`${tab} closed`))
  })
  await takeAway(context, settings)
  return { context, pid: await browserPid(context), gone }
}
