import { expect } from 'vitest'
import { openTab } from '../harness/open-tab.ts'
import { peakGrowth } from '../harness/peak-memory.ts'
import { rendererPid } from '../harness/processes.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [{ name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' }],
}
const PART = 1024 * 1024
const PARTS = 200
const SIZE = PARTS * PART
/**
 * The page, its member and the primary share one renderer, which holds the file once; what is more is what waits
 * to be collected, or to be put away, and grows with the load of the machine. A second copy would pass it.
 */
const BOUND = 2

test('R2.2 200 MB are exported and imported without being held twice', async ({ launch, site }) => {
  const browser = await launch()
  const tab = await openTab(browser, site, options)
  await tab.evaluate(
    async ({ parts, size }) => {
      const some = 20
      const sql = `with recursive n (i) as (values (1) union all select i + 1 from n where i < ${some})
        insert into part (bytes) select randomblob(?) from n`
      for (let id = 0; id < parts; id += some) await window.db.run(sql, [size])
    },
    { parts: PARTS, size: PART },
  )
  const pid = await rendererPid(tab)
  const exporting = await peakGrowth(pid, () =>
    tab.evaluate(async () => {
      window.exported = await window.db.export()
    }),
  )
  const fingerprint = () =>
    tab.evaluate(() =>
      window.db.values('select count(*), sum(length(bytes)), hex(substr(bytes, 1, 9)) from part'),
    )
  const before = await fingerprint()
  await tab.evaluate(() => window.db.run('delete from part where id > 5'))
  const importing = await peakGrowth(pid, () => tab.evaluate(() => window.db.import(window.exported)))
  expect(await fingerprint()).toEqual(before)
  expect(exporting).toBeLessThan(BOUND * SIZE)
  expect(importing).toBeLessThan(BOUND * SIZE)
})
