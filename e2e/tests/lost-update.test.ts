import { describe, expect } from 'vitest'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openIn, openTab } from '../harness/open-tab.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P1 what two tabs write in turn is in each next read of the other, and after both reload', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const tabs = await openTabs(browser, site, 2, options)
      const expected: [string, number][] = []
      for (let n = 1; n <= 10; n++) {
        for (const [index, tab] of tabs.entries()) {
          const row: [string, number] = [`tab ${index}`, n]
          await tab.evaluate((params) => window.db.run('insert into row (tab, n) values (?, ?)', params), row)
          expected.push(row)
          for (const reader of tabs) expect(await rowsOf(reader)).toEqual(expected)
        }
      }
      for (const tab of tabs) {
        await tab.reload()
        await openIn(tab, options)
        expect(await rowsOf(tab)).toEqual(expected)
        expect(await tab.evaluate(() => window.db.storage.kind)).toBe(rung)
      }
    })

    test('P2 a write that resolved just before the only tab reloads is there', async ({ launch, site }) => {
      const tab = await openTab(await launch(settings), site, options)
      for (let n = 1; n <= 5; n++) {
        await Promise.all([
          tab.waitForEvent('load'),
          // In one task: the page goes as soon as the write has resolved.
          tab.evaluate((value) => {
            void window.db
              .run('insert into row (tab, n) values (?, ?)', ['tab', value])
              .then(() => location.reload())
          }, n),
        ])
        await openIn(tab, options)
        expect((await rowsOf(tab)).map(([, value]) => value)).toEqual(
          Array.from({ length: n }, (_, i) => i + 1),
        )
      }
    })
  })
}
