import { expect } from 'vitest'
import type { TestBrowser } from './browser.ts'
import { checkHistory, type Row, readHistory } from './history.ts'
import type { Scripted } from './scripted.ts'

/** What the fixture's workloads need. */
export const numberedRows = [
  { name: 'row', sql: 'create table row (id integer primary key, tab text not null, n integer not null)' },
]

/** The table as a tab reads it. */
export function rowsOf(tab: Scripted): Promise<Row[]> {
  return tab.evaluate(() => window.db.values<[string, number]>('select tab, n from row order by id'))
}

/** Starts writing, and reading beside it, in each tab; its name is `name` and its place in the list. */
export async function startWorkloads(tabs: readonly Scripted[], name = 'tab'): Promise<void> {
  for (const [index, tab] of tabs.entries()) {
    await tab.evaluate((given) => {
      window.startWriting(given)
      window.startReading(given)
    }, `${name} ${index}`)
  }
}

/** Waits until each tab has been answered so many more writes and reads. */
export async function goOn(tabs: readonly Scripted[], more: number): Promise<void> {
  await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(async (count) => {
        const { writing, reading } = window
        await Promise.all([writing.reached(writing.done + count), reading.reached(reading.done + count)])
      }, more),
    ),
  )
}

export async function stopWorkloads(tabs: readonly Scripted[]): Promise<void> {
  await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(async () => {
        await Promise.all([window.writing.stop(), window.reading.stop()])
      }),
    ),
  )
}

/** Nothing that was acknowledged is lost, nothing is there twice, nothing was ever out of date; none failed. */
export async function expectExactlyOnce(
  browser: Pick<TestBrowser, 'log'>,
  tabs: readonly Scripted[],
): Promise<void> {
  const history = readHistory(browser.log)
  expect(history.filter(({ type }) => type === 'fail')).toEqual([])
  for (const tab of tabs) expect(checkHistory(history, await rowsOf(tab))).toEqual([])
}
