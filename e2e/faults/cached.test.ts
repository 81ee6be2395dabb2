import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { expectGoodHistory, expectOnlyTimeouts, logOf } from '../harness/invariants.ts'
import { comeBack, leave, show } from '../harness/life.ts'
import { openIn, openTab } from '../harness/open-tab.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, libraryBounds, startWorkloads, stopWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

// Chromium keeps a page that holds locks, and throws it out when somebody asks for one of them meanwhile. A page
// that came back is then a new one; until it is thrown out, others wait for its open transaction as for one of a
// frozen tab. That nothing is lost where it is kept shows `handover.test.ts` by the same events, and the simulation.
describe('a page that is left for another', () => {
  test('fault 12 P3 R7 alone: a tab that opens meanwhile takes over', async ({ launch, site }) => {
    const browser = await launch({ lifecycle: true })
    const first = await openTab(browser, site, options)
    await startWorkloads([first])
    await goOn([first], 20)
    const { epoch } = await statusOf(first)
    await leave(first, site)

    const second = await openTab(browser, site, options)
    await startWorkloads([second])
    await goOn([second], 20)
    expect((await statusOf(second)).epoch).toBe(epoch + 1)
    await returnTo(first, second)
    await stopWorkloads([second])
    expect(await agreedPrimary([first, second])).toBe(second)
    expect((await expectGoodHistory(browser, [first, second])).failed).toEqual([])
  })

  for (const leaver of ['primary', 'replica'] as const) {
    test(`fault 12 P3 P4 R7 beside others: the ${leaver} holds up nobody, and has caught up when it is back`, async ({
      launch,
      site,
    }) => {
      const browser = await launch({ lifecycle: true })
      const [first, second, third] = (await openTabs(browser, site, 3, options)) as [Page, Page, Page]
      expect(await agreedPrimary([first, second, third])).toBe(first)
      const [left, stays] = leaver === 'primary' ? [first, second] : [second, first]
      // A hidden primary would hand over before long (R7).
      await show(stays)
      await startWorkloads([first, second, third], libraryBounds)
      await goOn([first, second, third], 20)
      await leave(left, site)
      await goOn([stays, third], 50)
      await returnTo(left, third)
      await goOn([stays, third], 20)
      await stopWorkloads([stays, third])
      const stayed = (await agreedPrimary([first, second, third])) === first
      expect(stayed).toBe(leaver === 'replica')
      await expectOnlyTimeouts(browser, [first, second, third])
    })
  }
})

/** Comes back to a tab that was left while `other` went on: what that has read, this one reads. */
async function returnTo(left: Page, other: Page): Promise<void> {
  const known = await logOf(other)
  if ((await comeBack(left)) === 'cached') await goOn([left], 5)
  else await openIn(left, options)
  expect((await logOf(left)).slice(0, known.length)).toEqual(known)
}
