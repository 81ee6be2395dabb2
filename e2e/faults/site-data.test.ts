import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { clearSiteData } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { openIn } from '../harness/open-tab.ts'
import { readRecording, record } from '../harness/recording.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P4 R29 fault 11 site data cleared underneath ends in DatabaseDeletedError in every tab, and nothing is resurrected', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      const { incarnation } = await statusOf(tabs[0])
      for (const tab of tabs) {
        await tab.evaluate(() => {
          window.pending = new Promise((resolve) => {
            window.db.on('deleted', () => resolve('heard'))
          })
        })
      }
      await startWorkloads(tabs)
      await goOn(tabs)
      await clearSiteData(tabs[0], site.url, 'all')
      for (const tab of tabs) expect(await tab.evaluate(() => window.pending)).toBe('heard')
      await stopWorkloads(tabs)
      const codes = readRecording(browser).flatMap((line) => (line.kind === 'fail' ? [line.code] : []))
      expect(new Set(codes)).toEqual(new Set(['DATABASE_DELETED']))

      record(browser, { kind: 'begin' })
      for (const tab of tabs) {
        await openIn(tab, options)
        expect(await tab.evaluate(() => window.db.values('select * from log'))).toEqual([])
      }
      await startWorkloads(tabs)
      await goOn(tabs)
      expect((await statusOf(tabs[0])).incarnation).not.toBe(incarnation)
      expect((await expectInvariants(browser, tabs)).failed).toEqual([])
    })
  })
}
