import { test as base } from 'vitest'
import { saveArtifacts } from './artifacts.ts'
import { type LaunchOptions, launchBrowser, type TestBrowser } from './browser.ts'
import { type Site, serveFixture } from './serve.ts'

/** What a test of this house can ask for in its arguments. */
export interface House {
  /** Launches a browser that ends with the test, and leaves its log and pictures behind where that failed. */
  readonly launch: (options?: LaunchOptions) => Promise<TestBrowser>
  /** The fixture page, served for the tests of one file. */
  readonly site: Site
}

/** vitest's `test`, with the house. */
export const test = base.extend<House>({
  site: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what a fixture needs out of this pattern
    async ({}, use) => {
      const site = await serveFixture()
      await use(site)
      await site.close()
    },
    { scope: 'file' },
  ],
  launch: async ({ task }, use) => {
    const launched: TestBrowser[] = []
    await use(async (options) => {
      const browser = await launchBrowser(options)
      launched.push(browser)
      return browser
    })
    for (const browser of launched) {
      if (task.result?.state === 'fail') {
        console.error(`artifacts: ${await saveArtifacts(browser, `${task.suite?.name ?? ''} ${task.name}`)}`)
        console.error(browser.log.slice(-40).join('\n'))
      }
      await browser.close()
    }
  },
})
