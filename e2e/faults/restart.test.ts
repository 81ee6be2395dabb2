import { describe, expect } from 'vitest'
import { times } from '../harness/extent.ts'
import { expectGoodHistory, expectInvariants } from '../harness/invariants.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }
const KILLS = times(3, 30)

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P2 I1 fault 7 the browser is SIGKILLed while tabs work: after each restart every acknowledged write is there', {
      timeout: 180_000 + KILLS * 15_000,
    }, async ({ launch, site }) => {
      const browser = await launch(settings)
      let epoch = 0
      for (let kill = 1; kill <= KILLS; kill++) {
        const tabs = await openTabs(browser, site, 3, options)
        const { failed } = await expectGoodHistory(browser, tabs)
        expect(failed).toEqual([])
        const [status] = await Promise.all(tabs.map(statusOf))
        expect(status?.epoch).toBeGreaterThan(epoch)
        expect(status?.storage).toBe(rung)
        epoch = status?.epoch ?? epoch
        await startWorkloads(tabs)
        await goOn(tabs)
        await browser.restart()
      }
      const { answered } = await expectInvariants(browser, await openTabs(browser, site, 2, options))
      expect(answered).toBeGreaterThan(KILLS * 60)
    })
  })
}
