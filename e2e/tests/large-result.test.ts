import { expect } from 'vitest'
import { openTab } from '../harness/open-tab.ts'
import { peakGrowth } from '../harness/peak-memory.ts'
import { rendererPids } from '../harness/processes.ts'
import { statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const ROW = 64 * 1024
/** Of the table: 4 MiB, of which each tab has a replica. */
const ROWS = 64
/** How often the result has each of them. */
const TIMES = 256
const SIZE = TIMES * ROWS * ROW
/**
 * Of the result. What is in the process at a time are some pieces of 256 KiB; what was used up waits to be
 * collected, up to some hundred MB in the page and in its worker, however large the result is. Whoever kept the
 * rows would keep all of it.
 */
const BOUND = 0.5

const options = {
  user: 'u-1',
  migrations: [
    { name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' },
    {
      name: 'parts',
      sql: `with recursive n (i) as (values (1) union all select i + 1 from n where i < ${ROWS})
        insert into part select i, randomblob(${ROW}) from n`,
    },
  ],
}

test('P1.8 a loop over a result of 1 GB holds a small part of it at a time', async ({ launch, site }) => {
  const browser = await launch()
  const tab = await openTab(browser, site, options)
  await expect.poll(async () => (await statusOf(tab)).replica).toBe('ready')
  const loop = () =>
    tab.evaluate(async (times) => {
      const sql = `with recursive n (i) as (values (1) union all select i + 1 from n where i < ?)
        select bytes from n cross join part`
      let size = 0
      for await (const { bytes } of window.db.iterate<{ bytes: Uint8Array }>(sql, [times]))
        size += bytes.length
      return size
    }, TIMES)
  let read = 0
  const growth = await peakGrowth(await rendererPids(browser.context), async () => {
    read = await loop()
  })
  expect(read).toBe(SIZE)
  expect(growth).toBeLessThan(BOUND * SIZE)
})
