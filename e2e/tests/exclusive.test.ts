import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn } from '../harness/open-tab.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { queueUp, tabWithTurn, turnsOf } from '../harness/turns.ts'

const options = { user: 'u-1' }

test('P4.2 of three tabs one runs it; its close(), its reload and its end give the turn to the next', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [first, second, third] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
  for (const tab of [first, second, third]) {
    await queueUp(tab)
    expect(await tabWithTurn([first])).toBe(first)
  }
  expect((await statusOf(third)).locks).toContain('tutti/u-1/default/exclusive/sync')
  expect([await turnsOf(second), await turnsOf(third)]).toEqual([
    { begun: 0, running: false },
    { begun: 0, running: false },
  ])

  await first.evaluate(() => window.db.close())
  expect(await first.evaluate(() => window.pending)).toMatchObject({ error: { code: 'DATABASE_CLOSED' } })
  expect(await tabWithTurn([first, second, third])).toBe(second)

  await second.reload()
  await openIn(second, options)
  await queueUp(second)
  expect(await tabWithTurn([first, second, third])).toBe(third)

  await third.close()
  expect(await tabWithTurn([first, second])).toBe(second)
})
