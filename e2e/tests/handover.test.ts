import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { expectInvariants } from '../harness/invariants.ts'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...numberedRows] }

// Synthetic: under this harness no tab is ever hidden, and a freeze asked of the browser does nothing.
const lives = [
  { leave: 'freeze', target: 'document', back: 'resume' },
  { leave: 'pagehide', target: 'window', back: 'pageshow' },
] as const

for (const { leave, target, back } of lives) {
  describe(`a page that hears ${leave}`, () => {
    test(`R7 its primary lets go at once, another tab takes over, and after ${back} it is up to date`, async ({
      launch,
      site,
    }) => {
      const browser = await launch()
      const [first, ...others] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      expect(await agreedPrimary([first, ...others])).toBe(first)
      const { epoch } = await statusOf(first)
      await startWorkloads(others)
      await goOn(others)
      await dispatch(first, target, leave)
      await goOn(others)
      await stopWorkloads(others)
      const after = await statusOf(others[0])
      expect(after.epoch).toBe(epoch + 1)
      expect(after.members.find(({ role }) => role === 'primary')?.tab).not.toBe((await statusOf(first)).tab)

      await dispatch(first, target, back)
      expect(await rowsOf(first)).toEqual(await rowsOf(others[0]))
      await first.evaluate(() => window.db.run("insert into row (tab, n) values ('first', 1)"))
      expect((await rowsOf(others[1])).at(-1)).toEqual(['first', 1])
      expect(await agreedPrimary([first, ...others])).not.toBe(first)
      expect((await expectInvariants(browser, [first, ...others])).failed).toEqual([])
    })
  })
}

test('P3 R7 writes of the tab itself that are under way when it freezes happen once', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [first, second] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  expect(await agreedPrimary([first, second])).toBe(first)
  await first.evaluate(() => {
    window.pending = Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        window.settle(window.db.run("insert into row (tab, n) values ('first', ?)", [n])),
      ),
    )
    document.dispatchEvent(new Event('freeze'))
  })
  await second.evaluate(() => window.db.run("insert into row (tab, n) values ('second', 1)"))
  const ends = (await first.evaluate(() => {
    document.dispatchEvent(new Event('resume'))
    return window.pending
  })) as Awaited<ReturnType<typeof window.settle>>[]
  expect(ends.filter(({ error }) => error !== undefined)).toEqual([])
  const own = (await rowsOf(second)).flatMap(([tab, n]) => (tab === 'first' ? [n] : []))
  expect(own).toEqual(Array.from({ length: 50 }, (_, n) => n))
  await agreedPrimary([first, second])
})

async function dispatch(tab: Page, target: 'document' | 'window', type: string): Promise<void> {
  await tab.evaluate(
    ({ on, name }) => {
      const event = name.startsWith('page')
        ? new PageTransitionEvent(name, { persisted: true })
        : new Event(name)
      ;(on === 'document' ? document : window).dispatchEvent(event)
    },
    { on: target, name: type },
  )
}
