import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { LaunchOptions } from '../harness/browser.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

describe('fault 19', () => {
  test('P6 R26 fault 19 without OPFS the data is in IndexedDB, one database for all tabs', async ({
    launch,
    site,
  }) => {
    const browser = await launch({ opfs: false })
    const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
    for (const tab of tabs) expect((await statusOf(tab)).storage).toBe('indexeddb')
    await startWorkloads(tabs)
    await goOn(tabs)
    expect((await expectInvariants(browser, tabs)).failed).toEqual([])
  })

  const without: readonly (LaunchOptions & { readonly what: string; readonly code: string })[] = [
    { what: 'any storage', opfs: false, indexedDB: false, code: 'STORAGE_UNAVAILABLE' },
    { what: 'Web Locks', locks: false, code: 'WORKER_FAILED' },
    { what: 'BroadcastChannel', broadcastChannel: false, code: 'WORKER_FAILED' },
  ]
  for (const { what, code, ...missing } of without) {
    test(`P4 P6 fault 19 without ${what} open ends typed, and never in memory that nobody asked for`, async ({
      launch,
      site,
    }) => {
      const tab = await (await launch(missing)).newTab(site.url)
      await tab.waitForSelector('body[data-ready]', { state: 'attached' })
      const end = await tab.evaluate((given) => window.settle(window.open_(given)), options)
      expect(end.error).toMatchObject({ code })
    })
  }
})
