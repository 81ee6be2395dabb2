import { launchBrowser, type TestBrowser } from '../../e2e/harness/browser.ts'
import { crash } from '../../e2e/harness/faults.ts'
import { settledMemory } from '../memory.ts'
import type { BenchBrowser } from './bench-browser.ts'

export async function launchChromium(): Promise<BenchBrowser> {
  return stageBrowser(await launchBrowser())
}

/** Chromium as it is launched for tests, as peers are measured in it. */
export function stageBrowser(browser: TestBrowser): BenchBrowser {
  return {
    name: 'chromium',
    version: `Chromium ${browser.context.browser()?.version() ?? 'unknown'}`,
    async newTab(url) {
      const page = await browser.newTab(url)
      return {
        evaluate: page.evaluate.bind(page),
        close: () => page.close(),
        async crash() {
          await crash(page)
          await page.close()
        },
      }
    },
    restart: () => browser.restart(),
    close: () => browser.close(),
    async memory() {
      for (const page of browser.context.pages()) await page.requestGC()
      return settledMemory(browser)
    },
  }
}
