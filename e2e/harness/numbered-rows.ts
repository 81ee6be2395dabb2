import type { Page } from 'playwright-core'

/** A table for tests that say themselves what is in it. */
export const numberedRows = [
  { name: 'row', sql: 'create table row (id integer primary key, tab text not null, n integer not null)' },
]

export type Row = readonly [tab: string, n: number]

/** The table as a tab reads it. */
export function rowsOf(tab: Page): Promise<Row[]> {
  return tab.evaluate(() => window.db.values<[string, number]>('select tab, n from row order by id'))
}
