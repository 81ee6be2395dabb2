import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { times } from '../harness/extent.ts'
import { whileStopped } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { rendererPid } from '../harness/processes.ts'
import { someRungs } from '../harness/rungs.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }
const TURNS = times(15, 100)
/** What a call may end with while the primary hangs: its own bound, or that of the transaction that it is in. */
const HANGING = ['PRIMARY_UNAVAILABLE', 'STALE_READ']

for (const { rung, browser: settings } of someRungs) {
  describe(`on ${rung}`, () => {
    test("P4 R5 fault 6 the primary's renderer is stopped: others' calls end typed, and all goes on when it does", async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const [first, ...others] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      expect(await agreedPrimary([first, ...others])).toBe(first)
      const { epoch } = await statusOf(first)
      const pid = await rendererPid(first)
      await startWorkloads([first, ...others])
      await goOn(others)
      const ends = await whileStopped([pid], () => Promise.all(others.map(readAndWrite)))
      for (const [read, write] of ends) {
        expect(read).toMatchObject({ code: 'STALE_READ' })
        expect(write).toMatchObject({ code: 'PRIMARY_UNAVAILABLE', outcome: 'unknown' })
      }
      await goOn([first, ...others])
      // Nobody took over: who is stopped holds its lock and its files.
      expect((await statusOf(first)).epoch).toBe(epoch)
      const { failed } = await expectInvariants(browser, [first, ...others])
      expect(failed.filter(({ code }) => !HANGING.includes(code))).toEqual([])
    })

    test('I3 P3 R5 fault 6 the stopped primary is robbed of its lock: resumed, it stops before its next write or answer', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const [first, ...others] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      expect(await agreedPrimary([first, ...others])).toBe(first)
      const { epoch } = await statusOf(first)
      const pid = await rendererPid(first)
      const thief = await browser.newTab(site.url)
      await startWorkloads([first, ...others])
      await goOn(others)
      await whileStopped([pid], () => rob(thief))
      // The robbed one was in the middle of its commits, with those of the others in its mail.
      await expect.poll(async () => (await statusOf(first)).role).not.toBe('primary')
      await thief.close()
      await goOn([first, ...others])
      expect((await statusOf(first)).epoch).toBeGreaterThan(epoch)
      await expectInvariants(browser, [first, ...others])
    })
  })
}

test(`P4 R6 fault 16 all tabs are stopped and go on ${TURNS} times, as on a slow machine: nobody takes over`, {
  timeout: 180_000 + TURNS * 2000,
}, async ({ launch, site }) => {
  const browser = await launch()
  const tabs = await openTabs(browser, site, 3, options)
  const primary = await agreedPrimary(tabs)
  const { epoch } = await statusOf(primary)
  const pids: number[] = []
  for (const tab of tabs) pids.push(await rendererPid(tab))
  await startWorkloads(tabs)
  await goOn(tabs)
  for (let turn = 0; turn < TURNS; turn++) {
    // Longer than a lease, and shorter: this is the fault, not a wait for something.
    await whileStopped(pids, () => delay(turn % 5 === 0 ? 800 : 200))
    await goOn(tabs, 1)
  }
  expect(await agreedPrimary(tabs)).toBe(primary)
  expect((await statusOf(primary)).epoch).toBe(epoch)
  expect((await expectInvariants(browser, tabs)).failed).toEqual([])
})

/** What a write that begins now ends with, and the first read that does not end well: its lease may still be good. */
function readAndWrite(tab: Page): Promise<unknown[]> {
  return tab.evaluate(async () => {
    const write = window.settle(window.db.run("update reg set v = v where k = 'a'"))
    let read = await window.settle(window.db.values('select count(*) from log'))
    while (read.error === undefined) read = await window.settle(window.db.values('select count(*) from log'))
    return [read.error, (await write).error]
  })
}

/** Takes the primary's lock away from whoever has it, until the tab is closed. */
async function rob(thief: Page): Promise<void> {
  await thief.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    const name = held.map((lock) => lock.name ?? '').find((each) => each.endsWith('/primary'))
    if (name === undefined) throw new Error('there is no primary')
    await new Promise<void>((taken) => {
      void navigator.locks.request(name, { steal: true }, () => {
        taken()
        return new Promise(() => {})
      })
    })
  })
}
