import { describe, expect } from 'vitest'
import { checkHistory, readHistory } from '../harness/history.ts'
import { goOn, numberedRows, rowsOf, startWorkloads } from '../harness/numbered-rows.ts'
import { rungs } from '../harness/rungs.ts'
import { agreedPrimary, expectSound, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }
const ROUNDS = 3

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P2 the browser is SIGKILLed while tabs write: after each restart every acknowledged write is there', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      let epoch = 0
      for (let round = 1; round <= ROUNDS; round++) {
        const tabs = await openTabs(browser, site, 3, options)
        await agreedPrimary(tabs)
        const [first] = tabs as [(typeof tabs)[number]]
        const status = await statusOf(first)
        expect(status.epoch).toBeGreaterThan(epoch)
        expect(status.storage).toBe(rung)
        epoch = status.epoch
        const history = readHistory(browser.log)
        for (const tab of tabs) expect(checkHistory(history, await rowsOf(tab), true)).toEqual([])
        expect(history.filter(({ type }) => type === 'fail')).toEqual([])
        await expectSound(tabs)
        await startWorkloads(tabs, `round ${round}, tab`)
        await goOn(tabs, 20)
        await browser.restart()
      }
      const tab = (await openTabs(browser, site, 1, options))[0] as Awaited<
        ReturnType<typeof openTabs>
      >[number]
      expect(checkHistory(readHistory(browser.log), await rowsOf(tab), true)).toEqual([])
    })
  })
}
