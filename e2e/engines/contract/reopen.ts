import { expect } from 'vitest'
import { rowsOf } from '../../harness/numbered-rows.ts'
import { agreedPrimary, expectSound, statusOf } from '../../harness/tabs.ts'
import { goOn, startWorkloads } from '../../harness/workload.ts'
import type { Engine, EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { expectHistory, heard, insert, openIn, openTabs, options } from '../tabs.ts'

const ROUNDS = 3
const RELOADS = 10

/** Tabs and browsers end, and come again. */
export function reopenContract(test: EngineTest, engine: Engine): void {
  test('P2 what was written is there when all tabs were closed', async ({ launch, site }) => {
    const browser = await launch()
    const tabs = await openTabs(browser, site, 2)
    await insert(tabs[1] as EngineTab, ['kept', 1])
    for (const tab of tabs) await tab.close()
    const [again] = (await openTabs(browser, site, 1)) as [EngineTab]
    expect(await rowsOf(again)).toEqual([['kept', 1]])
    expect(await statusOf(again)).toMatchObject({ role: 'primary', epoch: 2 })
  })

  test('P2 fault 7: the browser is SIGKILLed while tabs write, and each acknowledged write is there when it is opened again', async ({
    launch,
    site,
  }) => {
    const browser = await launch()
    let epoch = 0
    for (let round = 1; round <= ROUNDS; round++) {
      const tabs = await openTabs(browser, site, 3)
      const status = await statusOf(await agreedPrimary(tabs))
      expect(status.epoch).toBeGreaterThan(epoch)
      expect(status.storage).toBe(engine.rung)
      epoch = status.epoch
      expect(await expectHistory(browser, tabs)).toEqual([])
      await expectSound(tabs)
      await startWorkloads(tabs)
      await goOn(tabs, 20)
      await heard(browser, tabs)
      await browser.restart()
    }
    expect(await expectHistory(browser, await openTabs(browser, site, 1))).toEqual([])
  })

  test('P1 P2 fault 8: tabs that write are reloaded again and again: each comes back, and no acknowledged write is lost', async ({
    launch,
    site,
  }) => {
    const browser = await launch()
    const tabs = await openTabs(browser, site, 5)
    await Promise.all(
      tabs.map(async (tab, index) => {
        for (let round = 1; round <= RELOADS; round++) {
          await tab.evaluate(
            async ({ name, given }) => {
              // As early as may be, and never waited for: the next reload cuts it off wherever it is.
              const working = window.open_(given).then(() => window.startWorkload(name, 1))
              working.catch(() => undefined)
            },
            { name: `tab ${index}, round ${round}`, given: options },
          )
          await tab.reload()
        }
      }),
    )
    for (const [index, tab] of tabs.entries()) {
      await openIn(tab)
      await insert(tab, [`after ${index}`, 1])
    }
    await agreedPrimary(tabs)
    await expectHistory(browser, tabs)
    await expectSound(tabs)
  })
}
