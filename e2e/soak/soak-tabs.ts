import type { Page } from 'playwright-core'
import { launchBrowser, type TestBrowser } from '../harness/browser.ts'
import { openIn, openTab, type TabOptions } from '../harness/open-tab.ts'
import { rendererPid } from '../harness/processes.ts'
import type { Site } from '../harness/serve.ts'
import { startWorkloads } from '../harness/workload.ts'

/** How many tabs there are, but for the moments in which one is replaced. */
const TABS = 5

/** The tabs of one round, each at work; whoever ends one opens another. */
export class SoakTabs {
  readonly browser: TestBrowser
  readonly site: Site
  readonly #options: TabOptions
  readonly #pids = new Map<Page, number>()
  readonly #stopped = new Set<Page>()
  #living: Page[] = []

  private constructor(browser: TestBrowser, site: Site, options: TabOptions) {
    this.browser = browser
    this.site = site
    this.#options = options
  }

  /** Starts a browser with its tabs, and finds their processes before anything keeps the processor busy. */
  static async open(site: Site, rung: 'opfs' | 'indexeddb', options: TabOptions): Promise<SoakTabs> {
    const browser = await launchBrowser({ opfs: rung === 'opfs' })
    const tabs = new SoakTabs(browser, site, options)
    try {
      for (let n = 0; n < TABS; n++) tabs.#living.push(await openTab(browser, site, options))
      for (const tab of tabs.#living) tabs.#pids.set(tab, await rendererPid(tab))
      await startWorkloads(tabs.#living)
      return tabs
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  get living(): readonly Page[] {
    return this.#living
  }

  /** Those whose processes run. */
  get awake(): readonly Page[] {
    return this.#living.filter((tab) => !this.#stopped.has(tab))
  }

  /** Only the first tabs of a browser have one: it is found by who is busy, and later all are. */
  pidOf(tab: Page): number | undefined {
    return this.#pids.get(tab)
  }

  /** Stops the process of `tab`; returns what lets it go on. */
  stop(tab: Page, pid: number): () => void {
    this.#stopped.add(tab)
    process.kill(pid, 'SIGSTOP')
    return () => {
      if (!this.#stopped.delete(tab)) return
      process.kill(pid, 'SIGCONT')
    }
  }

  /** `tab`, or what a crash left of it, is closed: another takes its place. */
  async replace(tab: Page): Promise<void> {
    await tab.close()
    this.#living = this.#living.filter((other) => other !== tab)
    await this.#add()
  }

  /** The page of `tab` begins a new life. */
  async reload(tab: Page): Promise<void> {
    await tab.reload()
    await openIn(tab, this.#options)
    await startWorkloads([tab])
  }

  /** All tabs die with their browser; a new one is started on the same profile. */
  async restart(): Promise<void> {
    this.#living = []
    this.#pids.clear()
    await this.browser.restart()
    await Promise.all(Array.from({ length: TABS }, () => this.#add()))
  }

  async #add(): Promise<void> {
    const tab = await openTab(this.browser, this.site, this.#options)
    await startWorkloads([tab])
    this.#living.push(tab)
  }
}
