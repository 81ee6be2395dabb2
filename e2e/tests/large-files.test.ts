import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestBrowser } from '../harness/browser.ts'
import { openTab } from '../harness/open-tab.ts'
import { peakGrowth } from '../harness/peak-memory.ts'
import { rendererPids } from '../harness/processes.ts'
import { statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [{ name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' }],
}
const PART = 1024 * 1024
/**
 * How often the file is held at most in the process that holds it: once, and what waits to be collected, or to be
 * put away, some hundred MB, which grow with the load of the machine. A second copy would pass it.
 */
const BOUND = 2
/** On IndexedDB an import's log is held as well. So is the database itself, all the time: that is no growth. */
const BOUND_WITH_LOG = 3

test('R2.2 200 MB are exported and imported without being held twice, by the primary’s tab and by another one', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const first = await openTab(browser, site, options)
  await fill(first, 200)
  const own = await exportAndImport(browser, first)
  const second = await openTab(browser, site, options)
  const others = await exportAndImport(browser, second)
  expect((await statusOf(first)).role).toBe('primary')
  for (const { exporting, importing } of [own, others]) {
    expect(exporting).toBeLessThan(BOUND)
    expect(importing).toBeLessThan(BOUND)
  }
})

// What is exported is read from the replica, which knows no storage.
test('R2.2 on IndexedDB 100 MB are imported with their log beside them, and no further copy', async ({
  launch,
  site,
}) => {
  // With little memory for JavaScript what is not used any more is collected sooner, which tells more of so small a file.
  const browser = await launch({ opfs: false, heap: 64 })
  const tab = await openTab(browser, site, options)
  expect((await statusOf(tab)).storage).toBe('indexeddb')
  await fill(tab, 100)
  const { importing } = await exportAndImport(browser, tab)
  expect(importing).toBeLessThan(BOUND_WITH_LOG)
})

async function fill(tab: Page, parts: number): Promise<void> {
  await tab.evaluate(
    async ({ count, size }) => {
      const some = 20
      const sql = `with recursive n (i) as (values (1) union all select i + 1 from n where i < ${some})
        insert into part (bytes) select randomblob(?) from n`
      for (let id = 0; id < count; id += some) await window.db.run(sql, [size])
    },
    { count: parts, size: PART },
  )
}

/** By how much a process grows, as a multiple of the file, while a tab exports it, and imports it again. */
async function exportAndImport(
  browser: TestBrowser,
  tab: Page,
): Promise<{ readonly exporting: number; readonly importing: number }> {
  const pids = await rendererPids(browser.context)
  const before = await fingerprint(tab)
  const exporting = await peakGrowth(pids, () =>
    tab.evaluate(async () => {
      window.exported = await window.db.export()
    }),
  )
  const size = await tab.evaluate(() => window.exported.size)
  await tab.evaluate(() => window.db.run('delete from part where id > 5'))
  const importing = await peakGrowth(pids, () => tab.evaluate(() => window.db.import(window.exported)))
  expect(await fingerprint(tab)).toEqual(before)
  return { exporting: exporting / size, importing: importing / size }
}

function fingerprint(tab: Page): Promise<unknown> {
  return tab.evaluate(() =>
    window.db.values('select count(*), sum(length(bytes)), hex(substr(bytes, 1, 9)) from part'),
  )
}
