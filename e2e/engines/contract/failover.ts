import { expect } from 'vitest'
import { rowsOf } from '../../harness/numbered-rows.ts'
import type { Site } from '../../harness/serve.ts'
import { agreedPrimary, expectSound, heldLocks, statusOf } from '../../harness/tabs.ts'
import { beginTwoStatements, endTwoStatements } from '../../harness/two-statements.ts'
import { goOn, startWorkloads, stopWorkloads } from '../../harness/workload.ts'
import type { EngineBrowser, EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { expectHistory, openIn, openTabs, pageReady } from '../tabs.ts'

interface Fault {
  readonly title: string
  /** Returns what causes it: to find a tab's process, nothing else may be busy. */
  readonly prepare: (primary: EngineTab) => Promise<() => unknown>
  /** Whether the tab itself lives on. */
  readonly survives?: boolean
}

const faults: readonly Fault[] = [
  { title: "fault 1: the primary's tab is closed", prepare: async (tab) => () => tab.close() },
  {
    title: "fault 3: the primary's process is SIGKILLed",
    prepare: async (tab) => {
      const pid = await tab.pid()
      return () => process.kill(pid, 'SIGKILL')
    },
  },
  {
    title: 'fault 4: the primary worker dies alone',
    prepare: async (tab) => () => tab.evaluate(() => window.primaryWorker?.terminate()),
    survives: true,
  },
]

declare global {
  interface Window {
    /** The primary worker that this page started last. */
    primaryWorker?: Worker
  }
}

/** The primary dies or hangs. */
export function failoverContract(test: EngineTest): void {
  for (const { title, prepare, survives = false } of faults) {
    test(`P3 R5 R8 ${title} while others write: no write is lost, doubled or failed`, async ({
      launch,
      site,
    }) => {
      const browser = await launch()
      const tabs = await openWatched(browser, site, 3)
      const primary = await agreedPrimary(tabs)
      const others = tabs.filter((tab) => tab !== primary)
      const before = await statusOf(primary)
      const locks = await steadyLocks(primary)
      const cause = await prepare(primary)

      await startWorkloads(others)
      await goOn(others, 20)
      await cause()
      await goOn(others, 20)
      await stopWorkloads(others)

      const living = survives ? tabs : others
      const after = await statusOf(await agreedPrimary(living))
      expect(after).toMatchObject({ epoch: before.epoch + 1, incarnation: before.incarnation })
      expect(await expectHistory(browser, living)).toEqual([])
      await expectSound(living)
      const gone = locks.findIndex((name) => !survives && name.includes('/member/'))
      const expected = gone < 0 ? locks : locks.toSpliced(gone, 1)
      await expect.poll(() => steadyLocks(living[0] as EngineTab)).toEqual(expected)
    })
  }

  test("P3.2 R19 fault 1: the primary's tab is closed between two statements of another tab's transaction: all or nothing, and once", async ({
    launch,
    site,
  }) => {
    const tabs = await openTabs(await launch(), site, 3)
    const primary = await agreedPrimary(tabs)
    const others = tabs.filter((tab) => tab !== primary) as [EngineTab, EngineTab]
    await beginTwoStatements(others[0])
    await primary.close()
    await agreedPrimary(others)
    expect(await endTwoStatements(others[0])).toEqual({ ok: 2 })
    for (const tab of others) {
      expect(await rowsOf(tab)).toEqual([
        ['one', 2],
        ['two', 2],
      ])
    }
    await expectSound(others)
  })

  test("P3 P4 R5 fault 6: the primary's process stops and goes on: every call settles, and nothing happens twice", async ({
    launch,
    site,
  }) => {
    const browser = await launch()
    const tabs = await openTabs(browser, site, 3)
    const primary = await agreedPrimary(tabs)
    const others = tabs.filter((tab) => tab !== primary) as [EngineTab, EngineTab]
    const pid = await primary.pid()
    await startWorkloads(others)
    await goOn(others, 20)
    process.kill(pid, 'SIGSTOP')
    try {
      const settled = await askOnce(others[0])
      if (settled.error !== undefined) {
        expect(settled.error).toMatchObject({ name: 'PrimaryUnavailableError', outcome: expect.any(String) })
      }
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await goOn(others, 20)
    await stopWorkloads(others)
    await agreedPrimary(tabs)
    expect((await askOnce(others[1])).error).toBeUndefined()
    expect(await rowsOf(primary)).toEqual([['stopped', 1]])
    await expectHistory(browser, tabs)
    await expectSound(tabs)
  })
}

function askOnce(tab: EngineTab): ReturnType<Window['settle']> {
  return tab.evaluate(() =>
    window.settle(window.db.run("insert into row (tab, n) values ('stopped', 1)", [], { id: 'stopped' })),
  )
}

/** As `openTabs`, and each page keeps its `primaryWorker`. */
async function openWatched(browser: EngineBrowser, site: Site, count: number): Promise<EngineTab[]> {
  const tabs: EngineTab[] = []
  for (let index = 0; index < count; index++) {
    const tab = await browser.newTab(site.url)
    await pageReady(tab)
    await tab.evaluate(() => {
      window.Worker = class extends Worker {
        constructor(url: string | URL, settings?: WorkerOptions) {
          super(url, settings)
          if (settings?.name === 'tutti-primary') window.primaryWorker = this
        }
      }
    })
    await openIn(tab)
    tabs.push(tab)
  }
  return tabs
}

/** Without that of the tab that stands by: who it is may be between two. */
async function steadyLocks(tab: EngineTab): Promise<string[]> {
  return (await heldLocks(tab)).filter((name) => !name.endsWith('/standby'))
}
