import { expect } from 'vitest'
import { rowsOf } from '../../harness/numbered-rows.ts'
import { agreedPrimary, expectSound } from '../../harness/tabs.ts'
import type { Engine, EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { insert, openIn, openTabs } from '../tabs.ts'

declare global {
  interface Window {
    /** Set in a page that is then left. */
    wasHere?: boolean
  }
}

/** A page is left, and found again by the browser's back button. */
export function historyContract(test: EngineTest, engine: Engine): void {
  test('P1 R7 fault 12: the page of the primary is left: another serves, and back again it shows what was written meanwhile', async ({
    launch,
    site,
  }) => {
    const tabs = (await openTabs(await launch(), site, 2)) as [EngineTab, EngineTab]
    const first = await agreedPrimary(tabs)
    const second = tabs.find((tab) => tab !== first) as EngineTab
    await insert(first, ['before', 1])
    await first.evaluate(() => {
      window.wasHere = true
    })
    await first.goto(`${site.url}/elsewhere`)
    await insert(second, ['meanwhile', 2])
    expect(await second.evaluate(async () => (await window.db.status()).role)).toBe('primary')

    await first.back()
    const cached = await first.evaluate(() => window.wasHere === true)
    expect(cached).toBe(engine.cachesPages)
    if (!cached) await openIn(first)
    const expected: [string, number][] = [
      ['before', 1],
      ['meanwhile', 2],
    ]
    expect(await rowsOf(first)).toEqual(expected)
    await insert(first, ['after', 3])
    expect(await rowsOf(second)).toEqual([...expected, ['after', 3]])
    expect(await agreedPrimary(tabs)).toBe(second)
    await expectSound(tabs)
  })
}
