import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { crash, killPrimaryWorker, killRenderer } from '../harness/faults.ts'
import {
  expectExactlyOnce,
  goOn,
  numberedRows,
  rowsOf,
  startWorkloads,
  stopWorkloads,
} from '../harness/numbered-rows.ts'
import { rendererPid } from '../harness/processes.ts'
import { rungs } from '../harness/rungs.ts'
import { agreedPrimary, expectSound, heldLocks, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { beginTwoStatements, endTwoStatements } from '../harness/two-statements.ts'

const options = { user: 'u-1', migrations: numberedRows }

interface Fault {
  readonly title: string
  /** Returns what causes it: to find a renderer's process, nothing else may be busy. */
  readonly prepare: (tab: Page) => Promise<() => Promise<void>>
  /** Whether the tab itself lives on. */
  readonly survives?: boolean
}

const faults: readonly Fault[] = [
  { title: "the primary's tab is closed", prepare: async (tab) => () => tab.close() },
  { title: "the primary's tab crashes", prepare: async (tab) => () => crash(tab) },
  {
    title: "the primary's renderer is SIGKILLed",
    prepare: async (tab) => {
      const pid = await rendererPid(tab)
      return () => killRenderer(tab, pid)
    },
  },
  {
    title: 'the primary worker dies alone',
    prepare: async (tab) => () => killPrimaryWorker(tab),
    survives: true,
  },
]

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    for (const { title, prepare, survives = false } of faults) {
      test(`P3 R5 R8 ${title} while others write: no write is lost, doubled or failed`, async ({
        launch,
        site,
      }) => {
        const browser = await launch(settings)
        const [first, ...others] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
        expect(await agreedPrimary([first, ...others])).toBe(first)
        const before = await statusOf(others[0])
        const locks = await heldLocks(others[0])
        const cause = await prepare(first)

        await startWorkloads(others)
        await goOn(others, 30)
        await cause()
        await goOn(others, 30)
        await stopWorkloads(others)

        const living = survives ? [first, ...others] : others
        await agreedPrimary(living)
        const after = await statusOf(others[0])
        expect(after.epoch).toBe(before.epoch + 1)
        expect(after.incarnation).toBe(before.incarnation)
        expect(after.storage).toBe(rung)
        await expectExactlyOnce(browser, living)
        await expectSound(living)

        const gone = survives ? undefined : locks.find((name) => name.includes('/member/'))
        const expected = locks.toSpliced(gone === undefined ? locks.length : locks.indexOf(gone), 1)
        await expect.poll(() => heldLocks(others[0])).toEqual(expected)
      })

      test(`P3.2 R19 ${title} between two statements of another tab's transaction: all or nothing, and once`, async ({
        launch,
        site,
      }) => {
        const browser = await launch(settings)
        const [first, writer, third] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
        expect(await agreedPrimary([first, writer, third])).toBe(first)
        const cause = await prepare(first)
        await beginTwoStatements(writer)
        await cause()
        await agreedPrimary(survives ? [first, writer, third] : [writer, third])
        expect(await endTwoStatements(writer)).toEqual({ ok: 2 })
        for (const tab of [writer, third]) {
          expect(await rowsOf(tab)).toEqual([
            ['one', 2],
            ['two', 2],
          ])
        }
        await expectSound([writer, third])
      })
    }

    test('I2 a tab that dies inside its transaction: it rolls back at once, and others go on', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const [first, writer] = (await openTabs(browser, site, 2, options)) as [Page, Page]
      await beginTwoStatements(writer)
      await crash(writer)
      await first.evaluate(() => window.db.run("insert into row (tab, n) values ('after', 1)"))
      expect(await rowsOf(first)).toEqual([['after', 1]])
      expect((await statusOf(first)).transaction).toBeNull()
      await agreedPrimary([first])
    })
  })
}
