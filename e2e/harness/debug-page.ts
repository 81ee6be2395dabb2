import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What the inspector shows after a run. */
export interface Shown {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** "3 rows", "1 row changed", or nothing where it failed. */
  readonly count: string
  /** The code of the error on show. */
  readonly code: string | undefined
}

/** Follows the header's link to `/debug/db`, which opens a tab of its own; resolves when that can be used. */
export async function openDebug(tab: Page): Promise<Page> {
  await tab.bringToFront()
  const link = tab.getByTestId('debug-link')
  expect(await link.getAttribute('target')).toBe('_blank')
  const [debug] = await Promise.all([tab.context().waitForEvent('page'), link.click()])
  await inspectorReady(debug)
  return debug
}

/** Resolves when the inspector of a tab on `/debug/db` knows who it is. */
export async function inspectorReady(debug: Page): Promise<void> {
  expect(new URL(debug.url()).pathname).toBe('/debug/db')
  await expect
    .poll(() => debug.getByTestId('who-role').innerText(), { timeout: 20_000 })
    .toMatch(/primary|replica/)
}

/** Goes to a tab, runs a statement in its SQL box, and waits for the end of it. */
export async function runSql(debug: Page, sql: string): Promise<Shown> {
  // A tab in the background paints once a second, and clicks wait for that.
  await debug.bringToFront()
  await debug.getByTestId('sql').fill(sql)
  await debug.getByTestId('run').click()
  await expect.poll(() => debug.getByTestId('stop').isDisabled(), { timeout: 20_000 }).toBe(true)
  return shown(debug)
}

/** What the inspector shows now, which a commit may have changed since the last run. */
export function shown(debug: Page): Promise<Shown> {
  return debug.locator('tutti-inspector').evaluate((inspector) => {
    const root = inspector.shadowRoot as ShadowRoot
    const find = (id: string): HTMLElement => root.querySelector(`[data-testid="${id}"]`) as HTMLElement
    const error = find('result-error')
    const texts = (parent: ParentNode, cells: string): string[] =>
      [...parent.querySelectorAll(cells)].map((cell) => cell.textContent)
    return {
      columns: texts(find('results'), 'thead th'),
      rows: [...find('results').querySelectorAll('tbody tr')].map((row) => texts(row, 'td')),
      count: find('result-count').textContent,
      code: error.hidden ? undefined : error.querySelector('code')?.textContent,
    }
  })
}

/** Goes to a tab and switches its inspector's write mode. */
export async function setWriteMode(debug: Page, on: boolean): Promise<void> {
  await debug.bringToFront()
  await debug.getByTestId('write-mode').setChecked(on)
}

/** One line for each tab that the inspector names. */
export interface ShownMember {
  readonly tab: string
  readonly self: boolean
  readonly role: string
  readonly page: string
  readonly visible: string
  readonly version: string
}

export function membersOf(debug: Page): Promise<ShownMember[]> {
  return debug.getByTestId('member-row').evaluateAll((rows) =>
    rows.map((row) => {
      const cell = (index: number): string => row.children[index]?.textContent ?? ''
      return {
        tab: row.querySelector('th code')?.textContent ?? '',
        self: row.classList.contains('self'),
        role: cell(1),
        page: cell(2),
        visible: cell(3),
        version: cell(5),
      }
    }),
  )
}

/** SHA-256 of the file that the inspector exports. */
export async function exportDigest(debug: Page): Promise<string> {
  await debug.bringToFront()
  const [download] = await Promise.all([debug.waitForEvent('download'), debug.getByTestId('export').click()])
  return createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex')
}
