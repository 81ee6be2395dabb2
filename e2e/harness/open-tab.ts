import type { Page } from 'playwright-core'
import type { TestBrowser } from './browser.ts'
import type { Site } from './serve.ts'

/** What the fixture's `open_` takes. */
export type TabOptions = Parameters<Window['open_']>[0]

/**
 * Opens a tab on the fixture page and a database in it, as `window.db`.
 *
 * @returns once the database is open
 */
export async function openTab(browser: TestBrowser, site: Site, options: TabOptions): Promise<Page> {
  const page = await browser.newTab(site.url)
  await openIn(page, options)
  return page
}

/** Opens a database in a tab that is on the fixture page: a new one, or one that was just reloaded. */
export async function openIn(page: Page, options: TabOptions): Promise<void> {
  await page.waitForSelector('body[data-ready]', { state: 'attached' })
  await page.evaluate((given) => window.open_(given), options)
}
