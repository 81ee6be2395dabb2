import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openTab } from '../harness/open-tab.ts'
import { statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [{ name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' }],
}
const PART = 1024 * 1024
const PARTS = 200

test('P1 P2 a database of 200 MB, past the budget of a replica, is read from the primary', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const first = await openTab(browser, site, options)
  await first.evaluate(
    async ({ parts, size }) => {
      for (let id = 1; id <= parts; id++) {
        await window.db.run('insert into part (id, bytes) values (?, randomblob(?))', [id, size])
      }
    },
    { parts: PARTS, size: PART },
  )
  const second = await openTab(browser, site, options)
  for (const tab of [first, second]) {
    const { replica, members } = await statusOf(tab)
    expect(replica).toBe('none')
    expect(members.map((member) => member.replica)).toEqual(members.map(() => 'none'))
    expect(await total(tab)).toEqual([[PARTS, PARTS * PART]])
  }
  await second.evaluate(() => window.db.run('insert into part (id, bytes) values (0, zeroblob(1))'))
  expect(await total(first)).toEqual([[PARTS + 1, PARTS * PART + 1]])
  await first.close()
  expect(await total(second)).toEqual([[PARTS + 1, PARTS * PART + 1]])
  expect(await second.evaluate(() => window.db.values('pragma quick_check'))).toEqual([['ok']])
})

function total(tab: Page): Promise<unknown> {
  return tab.evaluate(() => window.db.values('select count(*), sum(length(bytes)) from part'))
}
