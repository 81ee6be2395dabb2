import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { comeBack, freeze, leave, show, thaw } from '../harness/life.ts'
import { openIn } from '../harness/open-tab.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { queueUp, tabWithTurn, turnsOf } from '../harness/turns.ts'

const options = { user: 'u-1' }

test('fault 5 P4.2 a tab that freezes hands its turn over, gets none while it is frozen, and queues again when it wakes', async ({
  launch,
  site,
}) => {
  const browser = await launch({ lifecycle: true })
  const [first, second, third] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
  for (const tab of [first, second, third]) {
    await queueUp(tab)
    expect(await tabWithTurn([first])).toBe(first)
  }
  await show(third)
  await freeze(second)
  await freeze(first)
  expect(await tabWithTurn([second, third])).toBe(third)
  await thaw(first)
  expect(await turnsOf(first)).toEqual({ begun: 1, running: false })

  await third.close()
  expect(await tabWithTurn([first])).toBe(first)
  expect(await turnsOf(first)).toEqual({ begun: 2, running: true })
  await thaw(second)
  expect(await turnsOf(second)).toEqual({ begun: 0, running: false })
})

// Chromium throws a page that holds locks out of this cache when somebody waits for one of them, as another
// member does: it may come back as a new one.
test('fault 12 P4.2 a page that is left for another has handed its turn over', async ({ launch, site }) => {
  const browser = await launch({ lifecycle: true })
  const [first, second] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  await queueUp(first)
  expect(await tabWithTurn([first])).toBe(first)
  await queueUp(second)
  await leave(first, site)
  expect(await tabWithTurn([second])).toBe(second)
  if ((await comeBack(first)) === 'loaded') {
    await openIn(first, options)
    await queueUp(first)
  }
  expect((await turnsOf(first)).running).toBe(false)
  await second.close()
  expect(await tabWithTurn([first])).toBe(first)
})
