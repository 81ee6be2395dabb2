import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestBrowser } from '../harness/browser.ts'
import { clearSiteData } from '../harness/faults.ts'
import { expectGoodHistory } from '../harness/invariants.ts'
import { freeze, hideAll, isHidden, show, thaw } from '../harness/life.ts'
import { numberedRows } from '../harness/numbered-rows.ts'
import { openIn } from '../harness/open-tab.ts'
import type { Site } from '../harness/serve.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...numberedRows] }
/** Longer than a hidden primary stays while a visible tab is there, ms. */
const HANDOVER = 60_000

describe('tabs that are hidden', () => {
  test('fault 13 R6 R7 a hidden primary serves, and after a while hands over to the visible tab', {
    timeout: 2 * HANDOVER,
  }, async ({ launch, site }) => {
    const browser = await launch({ lifecycle: true })
    const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
    const [first, , visible] = tabs
    expect(await agreedPrimary(tabs)).toBe(first)
    expect(await Promise.all(tabs.map(isHidden))).toEqual([true, true, false])
    const { epoch } = await statusOf(first)
    await startWorkloads(tabs)
    await goOn(tabs)
    expect((await statusOf(visible)).epoch).toBe(epoch)
    await expect.poll(async () => (await statusOf(visible)).epoch, { timeout: HANDOVER }).toBe(epoch + 1)
    await goOn(tabs)
    await stopWorkloads(tabs)
    // It went to the tab that is seen, not to the next in line.
    expect(await agreedPrimary(tabs)).toBe(visible)
    expect((await expectGoodHistory(browser, tabs)).failed).toEqual([])
  })

  test('fault 13 P4 R6 of tabs that are all hidden one serves, and when it freezes another', async ({
    launch,
    site,
  }) => {
    const browser = await launch({ lifecycle: true })
    const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
    const [first, ...others] = tabs
    expect(await agreedPrimary(tabs)).toBe(first)
    const { epoch } = await statusOf(first)
    await startWorkloads(tabs)
    await hideAll(tabs)
    await goOn(tabs)
    expect((await statusOf(first)).epoch).toBe(epoch)
    await freeze(first)
    await goOn(others)
    expect((await statusOf(others[0])).epoch).toBe(epoch + 1)
    await thaw(first)
    await goOn(tabs)
    await stopWorkloads(tabs)
    expect((await expectGoodHistory(browser, tabs)).failed).toEqual([])
  })

  test('fault 13 R7.1 on mobile a hidden primary lets go at once', async ({ launch, site }) => {
    const browser = await launch({ lifecycle: true })
    const tabs = [await openMobile(browser, site), await openMobile(browser, site)] as const
    const [first, second] = tabs
    // To open the second one has hidden the first.
    await expect.poll(async () => (await statusOf(second)).role).toBe('primary')
    await startWorkloads(tabs)
    for (const shown of [first, second, first]) {
      await goOn(tabs)
      await show(shown)
      await expect.poll(async () => (await statusOf(shown)).role).toBe('primary')
    }
    await stopWorkloads(tabs)
    expect((await expectGoodHistory(browser, tabs)).failed).toEqual([])
  })
})

test('fault 11 P4 R29 a primary that hands over right after its files were cleared away says so, and does not hang', async ({
  launch,
  site,
}) => {
  const browser = await launch({ lifecycle: true })
  const tabs = [await openMobile(browser, site), await openMobile(browser, site)] as const
  const [first, second] = tabs
  await expect.poll(async () => (await statusOf(second)).role).toBe('primary')
  await second.evaluate(() => window.db.run("insert into row (tab, n) values ('second', 1)"))
  await clearSiteData(first, site.url, 'file_systems')
  await show(first)
  // Chromium would never return from closing such a file.
  for (const tab of tabs) {
    // It is looked for once a second.
    const end = await tab.evaluate(async () => {
      const write = () => window.settle(window.db.run("insert into row (tab, n) values ('late', 1)"))
      let last = await write()
      while (last.error === undefined) last = await write()
      return last
    })
    expect(end.error).toMatchObject({ name: 'DatabaseDeletedError' })
  }
})

/** Opens a tab that takes itself for a phone's. */
async function openMobile(browser: TestBrowser, site: Site): Promise<Page> {
  const page = await browser.context.newPage()
  const session = await browser.context.newCDPSession(page)
  await session.send('Emulation.setUserAgentOverride', {
    userAgent: await page.evaluate(() => navigator.userAgent),
    userAgentMetadata: {
      mobile: true,
      platform: 'Android',
      platformVersion: '',
      architecture: '',
      model: '',
    },
  })
  await page.goto(site.url)
  await openIn(page, options)
  return page
}
