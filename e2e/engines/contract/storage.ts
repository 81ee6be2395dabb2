import { expect } from 'vitest'
import { rowsOf } from '../../harness/numbered-rows.ts'
import type { Engine, EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { insert, openTabs, pageReady } from '../tabs.ts'

/** Where the data is kept, and what each storage does there. */
export function storageContract(test: EngineTest, engine: Engine): void {
  test('R25 R26 R27 R29 the storage contract holds on what this engine has', async ({ launch, contract }) => {
    const page = await (await launch()).newTab(contract.url)
    await pageReady(page)
    const kinds = engine.rung === 'opfs' ? (['opfs', 'indexeddb'] as const) : (['indexeddb'] as const)
    const results = await page.evaluate((given) => window.runContract(given), kinds)
    expect(results.filter(({ error }) => typeof error === 'string')).toEqual([])
    expect(results.length).toBeGreaterThan(10 * kinds.length)
  })

  const { privateRung } = engine
  if (privateRung !== undefined) {
    test('P6 R26 in private windows, where OPFS is there by name only, the next rung is taken', async ({
      launch,
      site,
    }) => {
      const tabs = (await openTabs(await launch({ privately: true }), site, 2)) as [EngineTab, EngineTab]
      await insert(tabs[1], ['private', 1])
      for (const tab of tabs) {
        expect(await rowsOf(tab)).toEqual([['private', 1]])
        expect(await tab.evaluate(() => window.db.storage.kind)).toBe(privateRung)
      }
    })
  }
}
