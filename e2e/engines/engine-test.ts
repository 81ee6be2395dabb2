import { test as base, type TestAPI } from 'vitest'
import { type Site, serveContract, serveFixture, servePractice } from '../harness/serve.ts'
import type { Engine, EngineBrowser, EngineOptions } from './engine.ts'

/** What a test of the engines' contract can ask for in its arguments. */
export interface EngineHouse {
  /** Launches a browser that ends with the test, and prints the end of its log where that failed. */
  readonly launch: (options?: EngineOptions) => Promise<EngineBrowser>
  /** The fixture page, served for the tests of one file; likewise the two others. */
  readonly site: Site
  readonly contract: Site
  readonly practice: Site
}

/** vitest's `test`, with browsers of one engine; it says which version that is. */
export function engineTest(engine: Engine): EngineTest {
  let said = false
  return base.extend<EngineHouse>({
    site: [served(serveFixture), { scope: 'file' }],
    contract: [served(serveContract), { scope: 'file' }],
    practice: [served(servePractice), { scope: 'file' }],
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what a fixture needs out of this pattern
    launch: async ({ task }, use) => {
      const launched: EngineBrowser[] = []
      await use(async (options) => {
        const browser = await engine.launch(options)
        if (!said) console.log(`${engine.name} ${browser.version}`)
        said = true
        launched.push(browser)
        return browser
      })
      for (const browser of launched) {
        if (task.result?.state === 'fail') console.error(browser.log.slice(-40).join('\n'))
        await browser.close()
      }
    },
  })
}

/** The `test` that {@link engineTest} makes. */
export type EngineTest = TestAPI<EngineHouse>

function served(serve: () => Promise<Site>) {
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what a fixture needs out of this pattern
  return async ({}, use: (site: Site) => Promise<void>): Promise<void> => {
    const site = await serve()
    await use(site)
    await site.close()
  }
}
