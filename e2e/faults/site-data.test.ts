import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { clearSiteData } from '../harness/faults.ts'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openIn } from '../harness/open-tab.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('R29 site data cleared underneath ends in DatabaseDeletedError in every tab, and nothing is resurrected', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const tabs = (await openTabs(browser, site, 2, options)) as [Page, Page]
      await tabs[1].evaluate(() => window.db.run("insert into row (tab, n) values ('kept', 1)"))
      const { incarnation } = await statusOf(tabs[0])
      for (const tab of tabs) {
        await tab.evaluate(() => {
          window.pending = new Promise((resolve) => {
            window.db.on('deleted', () => resolve('heard'))
          })
        })
      }
      await clearSiteData(tabs[0], site.url, 'all')
      const error = await tabs[1].evaluate(async () => {
        for (;;) {
          const end = await window.settle(window.db.run("insert into row (tab, n) values ('late', 1)"))
          if (end.error !== undefined) return end.error
        }
      })
      expect(error).toMatchObject({ name: 'DatabaseDeletedError', code: 'DATABASE_DELETED' })
      for (const tab of tabs) expect(await tab.evaluate(() => window.pending)).toBe('heard')

      for (const tab of tabs) {
        await openIn(tab, options)
        expect(await rowsOf(tab)).toEqual([])
      }
      expect((await statusOf(tabs[0])).incarnation).not.toBe(incarnation)
    })
  })
}
