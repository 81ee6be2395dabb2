import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { overrideQuota } from '../harness/faults.ts'
import { rungs } from '../harness/rungs.ts'
import { expectSound, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [{ name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' }],
}
const QUOTA = 16 * 1024 * 1024
const PART = 512 * 1024
/** More than the quota can hold. */
const PARTS = (2 * QUOTA) / PART

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P4 R25 when the quota is full a write fails typed, all else goes on, and room makes it work again', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      // Before the database is opened: what IndexedDB was once granted, it does not ask for again.
      const landlord = await browser.newTab(site.url)
      await overrideQuota(landlord, site.url, QUOTA)
      const [first, second] = (await openTabs(browser, site, 2, options)) as [Page, Page]
      const full = await second.evaluate(
        async ({ size, most }) => {
          for (let n = 0; n < most; n++) {
            const end = await window.settle(
              window.db.run('insert into part (id, bytes) values (?, randomblob(?))', [n, size]),
            )
            if (end.error !== undefined) return { n, error: end.error }
          }
          throw new Error('the quota never was full')
        },
        { size: PART, most: PARTS },
      )
      expect(full.n).toBeGreaterThan(0)
      expect(full.error).toMatchObject({
        name: 'StorageFullError',
        code: 'STORAGE_FULL',
        outcome: 'not-applied',
      })
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.n))

      // IndexedDB cannot keep room free: its files count, and no deletion makes them smaller at once.
      const deleted = rung === 'opfs' ? 1 : 0
      if (deleted > 0) await first.evaluate(() => window.db.run('delete from part where id = 0'))
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.n).slice(deleted))

      await overrideQuota(landlord, site.url, null)
      for (const [index, tab] of [first, second].entries()) {
        await tab.evaluate(
          ({ id, size }) =>
            window.db.run('insert into part (id, bytes) values (?, randomblob(?))', [id, size]),
          { id: full.n + index, size: PART },
        )
      }
      for (const tab of [first, second]) expect(await idsOf(tab)).toEqual(upTo(full.n + 2).slice(deleted))
      await expectSound([first, second])
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
