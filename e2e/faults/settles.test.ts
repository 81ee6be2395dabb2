import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { ERROR_CLASSES } from '../../packages/tutti/src/errors/error-codes.ts'
import type { CallEnd } from '../fixture/every-call.ts'
import type { TestBrowser } from '../harness/browser.ts'
import { clearSiteData, crash, killPrimaryWorker, overrideQuota, whileStopped } from '../harness/faults.ts'
import { rendererPid } from '../harness/processes.ts'
import type { Site } from '../harness/serve.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }
const WRITES = ['run', 'exec', 'batch', 'transaction', 'import', 'destroy']

interface Scene {
  readonly browser: TestBrowser
  readonly site: Site
  /** The tab of the primary, and one whose calls are watched. */
  readonly primary: Page
  readonly caller: Page
}

interface Fault {
  readonly title: string
  /** Has the calls started, causes the fault, and resolves to how they ended. */
  readonly play: (scene: Scene) => Promise<CallEnd[]>
}

const faults: readonly Fault[] = [
  {
    title: "fault 1 the primary's tab is closed",
    play: async ({ primary, caller }) => {
      await start(caller)
      await primary.close()
      return ends(caller)
    },
  },
  {
    title: "fault 2 the primary's tab crashes",
    play: async ({ primary, caller }) => {
      await start(caller)
      await crash(primary)
      return ends(caller)
    },
  },
  {
    title: 'fault 4 the primary worker dies alone',
    play: async ({ primary, caller }) => {
      await start(caller)
      await killPrimaryWorker(primary)
      return ends(caller)
    },
  },
  {
    title: "fault 6 the primary's renderer is stopped, and stays so",
    play: async ({ primary, caller }) => {
      const pid = await rendererPid(primary)
      await start(caller)
      return whileStopped([pid], () => ends(caller))
    },
  },
  {
    title: 'fault 9 the quota is full',
    play: async ({ caller, site }) => {
      await start(caller)
      await overrideQuota(caller, site.url, 1)
      return ends(caller)
    },
  },
  {
    title: 'fault 11 site data is cleared',
    play: async ({ caller, site }) => {
      await start(caller)
      await clearSiteData(caller, site.url, 'all')
      return ends(caller)
    },
  },
  {
    title: 'fault 15 the network goes, and with it the tab of the primary',
    play: async ({ browser, primary, caller }) => {
      await start(caller)
      await browser.context.setOffline(true)
      await primary.close()
      return ends(caller)
    },
  },
]

// The bounds themselves are held to the millisecond in the simulation: here a call that hangs ends the test.
for (const { title, play } of faults) {
  test(`I5 P4 P4.1 ${title}: every public call that is under way ends, with a result or a typed error`, async ({
    launch,
    site,
  }) => {
    const browser = await launch()
    const [primary, caller] = (await openTabs(browser, site, 2, options)) as [Page, Page]
    expect(await agreedPrimary([primary, caller])).toBe(primary)
    const ended = await play({ browser, site, primary, caller })
    expect(ended.flatMap(complaint)).toEqual([])
    expect(ended.map(({ call }) => call)).toEqual(expect.arrayContaining([...WRITES, 'all', 'open', 'close']))
  })
}

function start(caller: Page): Promise<void> {
  return caller.evaluate((given) => window.startEveryCall(given), options)
}

function ends(caller: Page): Promise<CallEnd[]> {
  return caller.evaluate(() => window.endEveryCall())
}

function complaint({ call, error }: CallEnd): string[] {
  if (error === null) return []
  const { code, outcome } = error
  if (code === null || !(code in ERROR_CLASSES) || code === 'INTERNAL')
    return [`${call} ended in ${error.name}`]
  return WRITES.includes(call) && outcome === null ? [`${call} ended in ${code} without an outcome`] : []
}
