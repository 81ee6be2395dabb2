import type { Page } from 'playwright-core'
import type { Failure } from '../fixture/window.d.ts'

/** A table that fills a storage up. */
export const partTable = [
  { name: 'part', sql: 'create table part (id integer primary key, bytes blob not null)' },
]
/** Of one part, in bytes. */
export const PART = 512 * 1024

/** Writes so many parts with ids from `first` on; each has to succeed. */
export async function writeParts(tab: Page, first: number, count: number): Promise<void> {
  const { parts, error } = await write(tab, first, count)
  if (error !== undefined) throw new Error(`part ${first + parts}: ${error.name}: ${error.message}`)
}

/** Writes parts with ids from 0 on until one fails; how many did not. */
export async function writeUntilFull(
  tab: Page,
  most: number,
): Promise<{ readonly parts: number; readonly error: Failure }> {
  const { parts, error } = await write(tab, 0, most)
  if (error === undefined) throw new Error(`${most} parts were written, and there is still room`)
  return { parts, error }
}

function write(
  tab: Page,
  from: number,
  most: number,
): Promise<{ readonly parts: number; readonly error: Failure | undefined }> {
  return tab.evaluate(
    async ({ first, count, size }) => {
      for (let n = 0; n < count; n++) {
        const end = await window.settle(
          window.db.run('insert into part (id, bytes) values (?, randomblob(?))', [first + n, size]),
        )
        if (end.error !== undefined) return { parts: n, error: end.error }
      }
      return { parts: count, error: undefined }
    },
    { first: from, count: most, size: PART },
  )
}
