import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { createPrng } from '../../packages/tutti/src/platform/simulated/prng.ts'
import { times } from '../harness/extent.ts'
import { crash, killPrimaryWorker, killRenderer } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openTab } from '../harness/open-tab.ts'
import { rendererPid } from '../harness/processes.ts'
import { rungs, someRungs } from '../harness/rungs.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...numberedRows] }
const KILLS = times(5, 200)

interface Fault {
  readonly title: string
  /** Returns what causes it: to find a renderer's process, nothing else may be busy. */
  readonly prepare: (tab: Page) => Promise<() => Promise<void>>
  /** Whether the tab itself lives on. */
  readonly survives?: boolean
}

const faults: readonly Fault[] = [
  { title: "fault 1 the primary's tab is closed", prepare: async (tab) => () => tab.close() },
  { title: "fault 2 the primary's tab crashes", prepare: async (tab) => () => crash(tab) },
  {
    title: "fault 3 the primary's renderer is SIGKILLed",
    prepare: async (tab) => {
      const pid = await rendererPid(tab)
      return () => killRenderer(tab, pid)
    },
  },
  {
    title: 'fault 4 the primary worker dies alone',
    prepare: async (tab) => () => killPrimaryWorker(tab),
    survives: true,
  },
]

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    for (const { title, prepare, survives = false } of faults) {
      test(`P3 R5 R8 ${title} while all tabs work: no call of the others fails, I1 to I8 hold`, async ({
        launch,
        site,
      }) => {
        const browser = await launch(settings)
        const [first, ...others] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
        expect(await agreedPrimary([first, ...others])).toBe(first)
        const before = await statusOf(others[0])
        const cause = await prepare(first)

        await startWorkloads([first, ...others])
        await goOn(others)
        await cause()
        await goOn(others)

        const living = survives ? [first, ...others] : others
        await stopWorkloads(living)
        await agreedPrimary(living)
        const after = await statusOf(others[0])
        expect(after.epoch).toBe(before.epoch + 1)
        expect(after.incarnation).toBe(before.incarnation)
        expect(after.storage).toBe(rung)
        expect((await expectInvariants(browser, living)).failed).toEqual([])
      })
    }
  })
}

for (const { rung, browser: settings } of someRungs) {
  describe(`on ${rung}`, () => {
    for (const { title, prepare, survives = false } of faults) {
      test(`I2 P3.2 R19 ${title} between two statements of another tab's transaction: all or nothing, and once`, async ({
        launch,
        site,
      }) => {
        const browser = await launch(settings)
        const [first, writer, third] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
        expect(await agreedPrimary([first, writer, third])).toBe(first)
        const cause = await prepare(first)
        await beginTwoStatements(writer)
        await cause()
        const living = survives ? [first, writer, third] : [writer, third]
        await agreedPrimary(living)
        expect(await endTwoStatements(writer)).toEqual({ ok: 2 })
        for (const tab of [writer, third]) {
          expect(await rowsOf(tab)).toEqual([
            ['one', 2],
            ['two', 2],
          ])
        }
        await expectInvariants(browser, living)
      })
    }

    test(`P2 P3 fault 3 the primary's renderer is SIGKILLed ${KILLS} times, each at another moment of its commits`, {
      timeout: 180_000 + KILLS * 10_000,
    }, async ({ launch, site }) => {
      const browser = await launch(settings)
      const prng = createPrng(KILLS)
      let tabs = await openTabs(browser, site, 3, options)
      for (let kill = 0; kill < KILLS; kill++) {
        const primary = await agreedPrimary(tabs)
        const pid = await rendererPid(primary)
        const others = tabs.filter((tab) => tab !== primary)
        await startWorkloads(tabs)
        await goOn(tabs, 1 + prng.below(4))
        // Not to wait for something: this is where in a commit it happens.
        await delay(prng.delay([0, 20]))
        await killRenderer(primary, pid)
        await goOn(others, 3)
        await stopWorkloads(others)
        tabs = [...others, await openTab(browser, site, options)]
      }
      expect((await expectInvariants(browser, tabs)).failed).toEqual([])
    })

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
      await expectInvariants(browser, [first])
    })
  })
}

/** Runs a transaction of two statements, which stops between them the first time its callback runs. */
function beginTwoStatements(tab: Page): Promise<void> {
  return tab.evaluate(
    () =>
      new Promise<void>((between) => {
        let runs = 0
        const gate = new Promise<void>((open) => {
          window.openGate = open
        })
        window.pending = window.settle(
          window.db.transaction(
            async (tx) => {
              const run = ++runs
              await tx.run("insert into row (tab, n) values ('one', ?)", [run])
              if (run === 1) between()
              await gate
              await tx.run("insert into row (tab, n) values ('two', ?)", [run])
              return run
            },
            { timeout: 40_000, idle: 40_000 },
          ),
        )
      }),
  )
}

function endTwoStatements(tab: Page): Promise<unknown> {
  return tab.evaluate(() => {
    window.openGate()
    return window.pending
  })
}
