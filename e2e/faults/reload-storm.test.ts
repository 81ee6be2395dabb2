import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { createPrng } from '../../packages/tutti/src/platform/simulated/prng.ts'
import { times } from '../harness/extent.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { openIn } from '../harness/open-tab.ts'
import { someRungs } from '../harness/rungs.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }
const TABS = 5
const RELOADS = times(5, 50)

for (const { rung, browser: settings } of someRungs) {
  describe(`on ${rung}`, () => {
    test(`P2 P3 P4 fault 8 ${TABS} tabs reload ${RELOADS} times each, some before they have opened: all open again, no write is lost`, {
      timeout: 180_000 + RELOADS * 10_000,
    }, async ({ launch, site }) => {
      const browser = await launch(settings)
      const tabs = await openTabs(browser, site, TABS, options)
      await Promise.all(tabs.map((tab, index) => reloadAgainAndAgain(tab, index)))
      await goOn(tabs)
      const { failed } = await expectInvariants(browser, tabs)
      expect(failed).toEqual([])
    })
  })
}

async function reloadAgainAndAgain(tab: Page, seed: number): Promise<void> {
  const prng = createPrng(seed)
  for (let reload = 1; reload <= RELOADS; reload++) {
    await tab.reload()
    if (reload < RELOADS && prng.chance(0.5)) {
      await beginOpening(tab)
      // The next reload comes while this one still opens: when, is the fault.
      await delay(prng.number() * 200)
    } else {
      await openIn(tab, options)
      await startWorkloads([tab])
      await goOn([tab], 1 + prng.below(5))
    }
  }
}

async function beginOpening(tab: Page): Promise<void> {
  await tab.waitForSelector('body[data-ready]', { state: 'attached' })
  await tab.evaluate((given) => void window.open_(given), options)
}
