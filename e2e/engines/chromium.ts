import { launchBrowser } from '../harness/browser.ts'
import { rendererPid } from '../harness/processes.ts'
import type { Engine, EngineTab } from './engine.ts'

/** Chromium or Chrome, over its own protocol. Playwright switches its back/forward cache off. */
export const chromium: Engine = {
  name: 'Chromium',
  rung: 'opfs',
  cachesPages: false,
  async launch() {
    const browser = await launchBrowser()
    return {
      version: browser.context.browser()?.version() ?? 'unknown',
      log: browser.log,
      note: browser.note,
      async newTab(url): Promise<EngineTab> {
        const page = await browser.newTab(url)
        return {
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
          pid: () => rendererPid(page),
        }
      },
      restart: () => browser.restart(),
      close: () => browser.close(),
    }
  },
}
