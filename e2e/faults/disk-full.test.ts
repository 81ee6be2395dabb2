import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectInvariants } from '../harness/invariants.ts'
import { openIn } from '../harness/open-tab.ts'
import { partTable, writeParts, writeUntilFull } from '../harness/parts.ts'
import { readRecording, record } from '../harness/recording.ts'
import { makeSmallDisk } from '../harness/small-disk.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...partTable] }
/** Room for a browser's own files, and some, MiB. */
const DISK = 192
/** More than there is room for, also in what the library keeps free. */
const PARTS = 64

test('P2 P4 R25 fault 10 the disk is full while tabs work: writes fail typed, what was committed stays, and room makes all work again', async ({
  launch,
  site,
  onTestFinished,
}) => {
  const disk = await makeSmallDisk(DISK)
  onTestFinished(disk.remove)
  const browser = await launch({ executable: disk.executable })
  const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
  await startWorkloads(tabs)
  await goOn(tabs)
  await disk.fill(browser)
  const full = await writeUntilFull(tabs[1], PARTS)
  expect(full.error).toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' })
  await disk.free(browser)
  await writeParts(tabs[1], full.parts, 1)
  await goOn(tabs)
  const { failed } = await expectInvariants(browser, tabs)
  expect(failed.filter(({ code }) => code !== 'STORAGE_FULL')).toEqual([])
})

// Chromium has been seen to throw all of IndexedDB away when it is opened anew on a full disk: not always.
test('P4 R29 fault 10 the disk is full under IndexedDB: every call ends typed, and where the browser threw the data away, that is said', async ({
  launch,
  site,
  onTestFinished,
}) => {
  const disk = await makeSmallDisk(DISK)
  onTestFinished(disk.remove)
  const browser = await launch({ opfs: false, executable: disk.executable })
  const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
  await startWorkloads(tabs)
  await goOn(tabs)
  await disk.fill(browser)
  await writeUntilFull(tabs[1], PARTS)
  await disk.free(browser)
  if ((await writesAgain(tabs[1])) === 'deleted') {
    await stopWorkloads(tabs)
    record(browser, { kind: 'begin' })
    for (const tab of tabs) await openIn(tab, options)
    await startWorkloads(tabs)
  }
  await goOn(tabs)
  await expectInvariants(browser, tabs)
  const codes = readRecording(browser).flatMap((line) => (line.kind === 'fail' ? [line.code] : []))
  const typed = ['STORAGE_FULL', 'PRIMARY_UNAVAILABLE', 'STALE_READ', 'DATABASE_DELETED']
  expect(codes.filter((code) => !typed.includes(code))).toEqual([])
})

/** Writes until that works, or never will. */
function writesAgain(tab: Page): Promise<'written' | 'deleted'> {
  return tab.evaluate(async () => {
    for (;;) {
      const { error } = await window.settle(
        window.db.run('insert or replace into part (id, bytes) values (0, zeroblob(9))'),
      )
      if (error === undefined) return 'written'
      if (error.code === 'DATABASE_DELETED') return 'deleted'
    }
  })
}
