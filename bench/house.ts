import type { Page } from 'playwright-core'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import type { OpenSettings } from './page/page-bench.ts'

/** Where the tabs of all measurements live. */
export interface House {
  /** A tab whose page has loaded, and nothing else. */
  newTab(): Promise<Page>
  /** A tab with an open database; its replica is ready. */
  openTab(settings: OpenSettings): Promise<Page>
}

export function createHouse(browser: TestBrowser, url: string): House {
  async function newTab(): Promise<Page> {
    const tab = await browser.newTab(url)
    await tab.waitForSelector('body[data-ready]', { state: 'attached' })
    return tab
  }

  return {
    newTab,
    async openTab(settings) {
      const tab = await newTab()
      await tab.evaluate((given) => window.bench.open(given), settings)
      await tab.evaluate(() => window.bench.replicaReady())
      return tab
    },
  }
}

export async function closeAll(tabs: readonly Page[]): Promise<void> {
  for (const tab of tabs) await tab.close()
}
