import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { TestBrowser } from '../harness/browser.ts'
import { type Builds, serveBuilds } from '../harness/builds.ts'
import { expectAcknowledged, expectGoodHistory, logOf } from '../harness/invariants.ts'
import { followTitles, titlesOf, toldTo, tunes } from '../harness/live-titles.ts'
import { numberedRows } from '../harness/numbered-rows.ts'
import { openIn, openTab, type TabOptions } from '../harness/open-tab.ts'
import { agreedPrimary, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, readOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const before: TabOptions = { user: 'u-14', migrations: [...workloadTables, ...numberedRows] }
const after: TabOptions = {
  ...before,
  migrations: [...workloadTables, ...numberedRows, { name: 'note', sql: 'alter table row add column note' }],
}
/** So many writes take longer than a silent candidate is given before it is robbed (R6). */
const LONG = 1000

let builds: Builds

beforeAll(async () => {
  builds = await serveBuilds()
}, 120_000)

afterAll(() => builds.close())

describe('one protocol, one schema', () => {
  test.for([
    ['released', 'present'],
    ['present', 'released'],
  ] as const)(
    'fault 14 P7 P7.1 R4 the %s build and then the %s one are one database, whoever of them writes',
    async ([first, second], { launch }) => {
      const browser = await launch()
      const a = await openTab(browser, builds[first], before)
      const b = await openTab(browser, builds[second], before)
      expect(await agreedPrimary([a, b])).toBe(a)
      await startWorkloads([a, b])
      await goOn([a, b], 50)
      await stopWorkloads([a])
      // The other build takes over, with writes in flight, and then hosts the first one as a guest.
      await a.close()
      await goOn([b], 50)
      const c = await openTab(browser, builds[first], before)
      await startWorkloads([c])
      await goOn([b, c], 50)
      await stopWorkloads([b, c])
      expect(await agreedPrimary([b, c])).toBe(b)
      expect((await expectGoodHistory(browser, [b, c])).failed).toEqual([])
      const statuses = await Promise.all([statusOf(b), statusOf(c)])
      expect(statuses[0].members.map(({ build }) => build).toSorted()).toEqual(['0.1.0', '0.2.0'])
      // 0.1.0 does not count them.
      expect(statuses.map(({ unreadable }) => unreadable ?? 0)).toEqual([0, 0])
    },
  )

  // 0.1.0 knows no live queries: it is the primary that is of another build.
  test('fault 14 P1.2 P7 P7.1 a live query of this build follows a primary of the released one, and goes on without it', async ({
    launch,
  }) => {
    const browser = await launch()
    const options = { user: 'u-14', migrations: tunes }
    const old = await openTab(browser, builds.released, options)
    const young = await openTab(browser, builds.present, options)
    expect(await agreedPrimary([old, young])).toBe(old)
    await followTitles(young)
    await titlesOf(young).toEqual([])
    await old.evaluate(() => window.db.run("insert into tune (title) values ('Kesh'), ('Banshee')"))
    await titlesOf(young).toEqual(['Kesh', 'Banshee'])
    await young.evaluate(() => window.db.run("update tune set title = 'KESH' where id = 1"))
    await titlesOf(young).toEqual(['KESH', 'Banshee'])
    await old.close()
    await young.evaluate(() => window.db.run("insert into tune (title) values ('Cooley')"))
    await titlesOf(young).toEqual(['KESH', 'Banshee', 'Cooley'])
    const { origins, errors, kept } = await toldTo(young)
    expect([origins, errors, kept]).toEqual([['initial', 'tab', 'self', 'self'], [], [0, 0, 1, 2]])
  })
})

describe('one protocol, a newer schema', () => {
  test('fault 14 P7 P7.1 R30 a deploy with a migration: the released build’s open tab reads on, loses nothing, and is told to reload', async ({
    launch,
  }) => {
    const browser = await launch()
    const old = await openTab(browser, builds.released, before)
    await hearOutdated(old)
    await startWorkloads([old])
    await goOn([old], 30)
    const young = await openTab(browser, builds.present, after)
    await startWorkloads([young])
    await goOn([young], 30)
    expect(await heard(old)).toBe('outdated')
    expect(await writeLate(old)).toEqual({ code: 'OUTDATED', outcome: 'not-applied' })
    await readOn(old)
    await stopWorkloads([old, young])
    expect(await agreedPrimary([old, young])).toBe(young)
    await expectLossless(browser, [old, young], ['OUTDATED'])

    // The deploy is rolled back: reads go on, and writes only where the app says so.
    await young.close()
    await expect.poll(() => writeLate(old)).toEqual({ code: 'SCHEMA_AHEAD', outcome: 'not-applied' })
    await expectLossless(browser, [old], ['OUTDATED', 'SCHEMA_AHEAD'])
    await old.reload()
    await openIn(old, { ...before, writeWhenAhead: true })
    await old.evaluate(() => window.db.run("insert into row (tab, n) values ('rolled back', 1)"))
  })

  test('fault 14 P7 P7.1 R30 a released build that opens beside a newer one reads, and is refused writes', async ({
    launch,
  }) => {
    const browser = await launch()
    const young = await openTab(browser, builds.present, after)
    await startWorkloads([young])
    const old = await openTab(browser, builds.released, before)
    await hearOutdated(old)
    await startWorkloads([old])
    await readOn(old)
    await goOn([young], 30)
    expect(await writeLate(old)).toEqual({ code: 'OUTDATED', outcome: 'not-applied' })
    await stopWorkloads([old, young])
    expect(await agreedPrimary([old, young])).toBe(young)
    await expectLossless(browser, [old, young], ['OUTDATED'])
  })
})

// A thousand writes, on a machine that others may keep busy.
describe('a newer protocol', { timeout: 180_000 }, () => {
  test.for(['released', 'present'] as const)(
    'fault 14 P7 P7.1 R4 R6 it takes over from the %s build with writes in flight, and is left in peace',
    async (older, { launch }) => {
      const browser = await launch()
      const tabs = [
        await openTab(browser, builds[older], before),
        await openTab(browser, builds[older], before),
      ]
      await startWorkloads(tabs)
      for (const tab of tabs) await stopOutdated(tab)
      await goOn(tabs, 30)
      const next = await openTab(browser, builds.next, before)
      for (const tab of tabs) expect(await heard(tab)).toBe('outdated')
      await stopWorkloads(tabs)
      for (const tab of tabs) expect((await writeLate(tab)).code).toBe('OUTDATED')
      const { epoch } = await statusOf(next)
      await startWorkloads([next])
      await goOn([next], LONG)
      await stopWorkloads([next])
      expect((await statusOf(next)).epoch).toBe(epoch)
      await expectLossless(browser, [next], ['OUTDATED'])

      // It goes again: the older tabs do not come back to life, and a new one of theirs finds everything.
      const log = await logOf(next)
      await next.close()
      for (const tab of tabs) expect((await writeLate(tab)).code).toBe('OUTDATED')
      const again = await openTab(browser, builds[older], before)
      expect(await logOf(again)).toEqual(log)
      await again.evaluate(() => window.db.run("insert into row (tab, n) values ('rolled back', 1)"))
    },
  )

  test('fault 14 P1.2 P7 P7.1 R4 when it takes over, a live query of this build is told so once, and keeps what it showed', async ({
    launch,
  }) => {
    const browser = await launch()
    const old = await openTab(browser, builds.present, { user: 'u-14', migrations: tunes })
    await old.evaluate(() => window.db.run("insert into tune (title) values ('The Kesh')"))
    await followTitles(old)
    await titlesOf(old).toEqual(['The Kesh'])
    const next = await openTab(browser, builds.next, { user: 'u-14', migrations: tunes })
    await expect.poll(async () => (await toldTo(old)).errors.length, { timeout: 20_000 }).toBe(1)
    await next.evaluate(() => window.db.run("insert into tune (title) values ('Banshee')"))
    // It reloads, as it is told to.
    const { results, errors } = await toldTo(old)
    expect([results, errors]).toEqual([[['The Kesh']], [expect.stringContaining('OutdatedError')]])
    await old.goto(builds.next.url)
    await openIn(old, { user: 'u-14', migrations: tunes })
    await followTitles(old)
    await titlesOf(old).toEqual(['The Kesh', 'Banshee'])
  })

  test('fault 14 P4 P7 P7.1 R4 beside it this build opens nothing, and says so at once', async ({
    launch,
  }) => {
    const browser = await launch()
    const next = await openTab(browser, builds.next, before)
    const old = await browser.newTab(builds.present.url)
    await old.waitForSelector('body[data-ready]', { state: 'attached' })
    const opened = await old.evaluate((options) => window.settle(window.open_(options)), before)
    expect(opened.error).toMatchObject({ code: 'OUTDATED', outcome: 'not-applied' })
    await next.evaluate(() => window.db.run("insert into row (tab, n) values ('next', 1)"))
  })

  test('fault 14 P7 P7.1 R6 beside it the released build waits, and does not rob it', async ({ launch }) => {
    const browser = await launch()
    const next = await openTab(browser, builds.next, before)
    const { epoch } = await statusOf(next)
    const old = await browser.newTab(builds.released.url)
    await old.waitForSelector('body[data-ready]', { state: 'attached' })
    await old.evaluate((options) => {
      window.pending = window.settle(window.open_(options))
    }, before)
    await startWorkloads([next])
    await goOn([next], LONG)
    await stopWorkloads([next])
    expect((await statusOf(next)).epoch).toBe(epoch)
    expect((await expectAcknowledged(browser, [next])).failed).toEqual([])
    await next.close()
    // Only now 0.1.0 knows of a primary that it can follow: its own.
    await old.evaluate(() => window.pending)
  })
})

/** Keeps, as `pending`, that a tab's `outdated` event comes. */
async function hearOutdated(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    window.pending = new Promise((resolve) => {
      window.db.on('outdated', () => resolve('outdated'))
    })
  })
}

/** As {@link hearOutdated}; from then on each call fails at once, and the workload would fill the log with it. */
async function stopOutdated(tab: Page): Promise<void> {
  await hearOutdated(tab)
  await tab.evaluate(() => {
    window.db.on('outdated', () => {
      void window.workload?.stop()
    })
  })
}

function heard(tab: Page): Promise<unknown> {
  return tab.evaluate(() => window.pending)
}

/** What a write of an outdated tab ends with. */
async function writeLate(tab: Page): Promise<{ code: unknown; outcome: unknown }> {
  const { error } = await tab.evaluate(() =>
    window.settle(window.db.run("insert into row (tab, n) values ('late', 1)")),
  )
  return { code: error?.code, outcome: error?.outcome }
}

/** What was acknowledged is there, once, and what failed did so by one of these codes. */
async function expectLossless(
  browser: TestBrowser,
  tabs: readonly Page[],
  codes: readonly string[],
): Promise<void> {
  const { failed } = await expectAcknowledged(browser, tabs)
  expect(failed.filter(({ code }) => !codes.includes(code))).toEqual([])
}
