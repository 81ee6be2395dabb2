import { expect } from 'vitest'
import type { LaunchOptions, TestBrowser } from './browser.ts'
import { test as base } from './test.ts'
import { uncaughtIn } from './uncaught.ts'

/** The house's test, which fails where a page left an error uncaught, or the console was told of one. */
export const faultlessTest = base.extend({
  launch: async ({ launch }, use) => {
    const launched: TestBrowser[] = []
    const told: string[] = []
    await use(async (options?: LaunchOptions) => {
      const browser = await launch(options)
      launched.push(browser)
      browser.context.on('console', (message) => {
        const { url } = message.location()
        // That a page has no icon is said by the browser, and is no fault.
        if (message.type() === 'error' && !url.endsWith('/favicon.ico'))
          told.push(`${url}: ${message.text()}`)
      })
      return browser
    })
    expect([...launched.flatMap(uncaughtIn), ...told]).toEqual([])
  },
})
