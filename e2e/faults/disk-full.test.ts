import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { expectInvariants } from '../harness/invariants.ts'
import { partTable, writeParts, writeUntilFull } from '../harness/parts.ts'
import { someRungs } from '../harness/rungs.ts'
import { makeSmallDisk } from '../harness/small-disk.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: [...workloadTables, ...partTable] }
/** Room for a browser's own files, and some. */
const DISK = 192
/**
 * What calls may end with. On a full disk Chromium closes IndexedDB for good and opens it for nobody, not even to
 * read: no primary can start until there is room.
 */
const CODES = {
  opfs: ['STORAGE_FULL'],
  indexeddb: ['STORAGE_FULL', 'PRIMARY_UNAVAILABLE', 'STALE_READ'],
} as const

for (const { rung, browser: settings } of someRungs) {
  const codes: readonly (string | null)[] = CODES[rung]
  describe(`on ${rung}`, () => {
    test('P2 P4 R25 fault 10 the disk is full while tabs work: writes fail typed, what was committed stays, and room makes all work again', async ({
      launch,
      site,
      onTestFinished,
    }) => {
      const disk = await makeSmallDisk(DISK)
      onTestFinished(disk.remove)
      const browser = await launch({ ...settings, executable: disk.executable })
      const tabs = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      await startWorkloads(tabs)
      await goOn(tabs)
      await disk.fill(browser)
      const full = await writeUntilFull(tabs[1], 64)
      expect(codes).toContain(full.error.code)
      await disk.free(browser)
      await writeParts(tabs[1], full.parts, 1)
      await goOn(tabs)
      const { failed } = await expectInvariants(browser, tabs)
      expect(failed.filter(({ code }) => !codes.includes(code))).toEqual([])
    })
  })
}
