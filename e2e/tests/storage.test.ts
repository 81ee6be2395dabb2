import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openTab } from '../harness/open-tab.ts'
import { agreedPrimary, digestOf, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }

describe('P6 where the data is kept', () => {
  test('P6 R26 is OPFS where there is one, and db.storage and db.status() say so', async ({
    launch,
    site,
  }) => {
    const tab = await openTab(await launch(), site, options)
    expect(await tab.evaluate(() => window.db.storage)).toMatchObject({ kind: 'opfs' })
    expect((await statusOf(tab)).storage).toBe('opfs')
  })

  test('P6 R26 is never memory unless it is listed: open ends in StorageUnavailableError', async ({
    launch,
    site,
  }) => {
    const browser = await launch({ opfs: false, indexedDB: false })
    const tab = await browser.newTab(site.url)
    await tab.waitForSelector('body[data-ready]', { state: 'attached' })
    const refused = await tab.evaluate((given) => window.settle(window.open_(given)), options)
    expect(refused.error).toMatchObject({ name: 'StorageUnavailableError', code: 'STORAGE_UNAVAILABLE' })

    const storage = ['opfs', 'indexeddb', 'memory'] as const
    const listed = await tab.evaluate((given) => window.settle(window.open_(given)), { ...options, storage })
    expect(listed.error).toBeUndefined()
    expect(await tab.evaluate(() => window.db.storage)).toMatchObject({ kind: 'memory', persisted: false })
  })

  test('R26 a rung that holds the database wins over one that stands before it', async ({ launch, site }) => {
    const browser = await launch()
    const earlier = await openTab(browser, site, { ...options, storage: ['indexeddb'] })
    await earlier.evaluate(() => window.db.run("insert into row (tab, n) values ('kept', 1)"))
    await earlier.close()
    const tab = await openTab(browser, site, options)
    expect(await tab.evaluate(() => window.db.storage.kind)).toBe('indexeddb')
    expect(await rowsOf(tab)).toEqual([['kept', 1]])
  })

  test('R26 members adopt what the primary chose', async ({ launch, site }) => {
    const browser = await launch()
    const [first] = await openTabs(browser, site, 1, { ...options, storage: ['indexeddb'] })
    const second = await openTab(browser, site, options)
    expect(await second.evaluate(() => window.db.storage.kind)).toBe('indexeddb')
    await second.evaluate(() => window.db.run("insert into row (tab, n) values ('second', 1)"))
    expect(await rowsOf(first as Page)).toEqual([['second', 1]])
  })
})

test('R28 a database in memory is one for all tabs, and outlives its primary', async ({ launch, site }) => {
  const memory = { ...options, storage: ['memory'] as const }
  const browser = await launch()
  const [first, second, third] = (await openTabs(browser, site, 3, memory)) as [Page, Page, Page]
  for (const [n, tab] of [first, second, third].entries()) {
    await tab.evaluate((value) => window.db.run("insert into row (tab, n) values ('tab', ?)", [value]), n)
  }
  const rows = [
    ['tab', 0],
    ['tab', 1],
    ['tab', 2],
  ]
  const { incarnation } = await statusOf(second)
  expect(await agreedPrimary([first, second, third])).toBe(first)
  await first.close()
  await second.evaluate(() => window.db.run("insert into row (tab, n) values ('after', 3)"))
  for (const tab of [second, third]) expect(await rowsOf(tab)).toEqual([...rows, ['after', 3]])
  await agreedPrimary([second, third])
  expect((await statusOf(third)).incarnation).toBe(incarnation)
  expect(await digestOf(second)).toBe(await digestOf(third))

  await second.close()
  await third.close()
  const later = await openTab(browser, site, memory)
  expect(await rowsOf(later)).toEqual([])
})
