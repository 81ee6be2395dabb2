import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { overrideQuota } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { PART, partTable, writeParts, writeUntilFull } from '../harness/parts.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...partTable] }
const QUOTA = 16 * 1024 * 1024
/** More than the quota can hold. */
const PARTS = (2 * QUOTA) / PART

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P4 R25 fault 9 when the quota is full a write fails typed, all else goes on, and room makes it work again', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      // Before the database is opened: what IndexedDB was once granted, it does not ask for again.
      const landlord = await browser.newTab(site.url)
      await overrideQuota(landlord, site.url, QUOTA)
      const [first, second] = (await openTabs(browser, site, 2, options)) as [Page, Page]
      const full = await writeUntilFull(second, PARTS)
      expect(full.parts).toBeGreaterThan(0)
      expect(full.error).toMatchObject({
        name: 'StorageFullError',
        code: 'STORAGE_FULL',
        outcome: 'not-applied',
      })
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.parts))

      // IndexedDB cannot keep room free: its files count, and no deletion makes them smaller at once.
      const deleted = rung === 'opfs' ? 1 : 0
      if (deleted > 0) await first.evaluate(() => window.db.run('delete from part where id = 0'))
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.parts).slice(deleted))

      await overrideQuota(landlord, site.url, null)
      await writeParts(first, full.parts, 1)
      await writeParts(second, full.parts + 1, 1)
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.parts + 2).slice(deleted))
      await expectInvariants(browser, [first, second])
    })

    test('P2 P3 R25 fault 9 the quota is full while tabs work: each write is there or was refused, and all goes on once there is room', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const landlord = await browser.newTab(site.url)
      await overrideQuota(landlord, site.url, QUOTA)
      const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      await startWorkloads(tabs)
      await goOn(tabs)
      const full = await writeUntilFull(tabs[1], PARTS)
      expect(full.error).toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' })
      await overrideQuota(landlord, site.url, null)
      await goOn(tabs)
      const { failed } = await expectInvariants(browser, tabs)
      expect(failed.filter(({ code }) => code !== 'STORAGE_FULL')).toEqual([])
    })
  })
}

async function idsOf(tab: Page): Promise<number[]> {
  const rows = await tab.evaluate(() =>
    window.db.values<[number]>('select id from part where length(bytes) > 0 order by id'),
  )
  return rows.map(([id]) => id)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, id) => id)
}
