import { expect } from 'vitest'
import { expectAcknowledged } from '../harness/invariants.ts'
import { numberedRows, type Row } from '../harness/numbered-rows.ts'
import type { TabOptions } from '../harness/open-tab.ts'
import type { Site } from '../harness/serve.ts'
import { stopWorkloads, workloadTables } from '../harness/workload.ts'
import type { EngineBrowser, EngineTab } from './engine.ts'

/** What the contract's tabs open. */
export const options: TabOptions = { user: 'u-1', migrations: [...workloadTables, ...numberedRows] }

/** Opens tabs one after the other on the fixture page, and a database in each. */
export async function openTabs(browser: EngineBrowser, site: Site, count: number): Promise<EngineTab[]> {
  const tabs: EngineTab[] = []
  for (let index = 0; index < count; index++) {
    const tab = await browser.newTab(site.url)
    await openIn(tab)
    tabs.push(tab)
  }
  return tabs
}

/** Opens a database in a tab that is on the fixture page. */
export async function openIn(tab: EngineTab, given = options): Promise<void> {
  await pageReady(tab)
  await tab.evaluate((chosen) => window.open_(chosen), given)
}

/** Resolves when the fixture's, or the storage contract's, script has run. */
export async function pageReady(tab: EngineTab): Promise<void> {
  await expect
    .poll(() => tab.evaluate(() => document.body?.dataset['ready'] === 'true'), { timeout: 30_000 })
    .toBe(true)
}

/** Inserts one row, and says nothing but whether it was done. */
export function insert(tab: EngineTab, row: Row): Promise<number> {
  return tab.evaluate(
    async (params) => {
      const { version } = await window.db.run('insert into row (tab, n) values (?, ?)', params)
      return version
    },
    row as [string, number],
  )
}

/** Waits until all that these tabs logged so far has arrived. */
export async function heard(browser: EngineBrowser, tabs: readonly EngineTab[]): Promise<void> {
  for (const tab of tabs) {
    const mark = `heard ${crypto.randomUUID()}`
    await tab.evaluate((line) => console.log(line), mark)
    await expect.poll(() => browser.log.some((line) => line.includes(mark)), { timeout: 30_000 }).toBe(true)
  }
}

/**
 * Ends the workloads of these tabs: nothing that was acknowledged is lost, nothing is there twice, no answer was
 * out of date, and no call hangs.
 *
 * @returns the codes of calls that failed
 */
export async function expectHistory(browser: EngineBrowser, tabs: readonly EngineTab[]): Promise<string[]> {
  await stopWorkloads(tabs)
  await heard(browser, tabs)
  return (await expectAcknowledged(browser, tabs)).failed.map(({ code }) => code)
}
