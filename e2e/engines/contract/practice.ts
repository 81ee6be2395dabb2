import { expect } from 'vitest'
import { shortSet } from '../../harness/practice.ts'
import type { EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'

const QUEUE = `select tune_ref from daily_practice_queue where active = 1 and user_ref = '${shortSet.user}' order by order_index`

/** The story of the Practice app. */
export function practiceContract(test: EngineTest): void {
  test("P1 P9 the queue that Practice made in one tab is in the other's /debug/db, also after both reload", async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const a = await browser.newTab(practice.url)
    await click(a, `sign-in-${shortSet.user}`)
    await expect.poll(() => tunesOf(a), { timeout: 30_000 }).toHaveLength(shortSet.queue)
    const tunes = await tunesOf(a)

    const b = await browser.newTab(`${practice.url}/debug/db`)
    expect(await inspect(b, QUEUE)).toEqual(tunes)
    await Promise.all([a.reload(), b.reload()])
    await expect.poll(() => tunesOf(a), { timeout: 30_000 }).toEqual(tunes)
    expect(await inspect(b, QUEUE)).toEqual(tunes)
  })
}

async function click(tab: EngineTab, testId: string): Promise<void> {
  const find = () => tab.evaluate((id) => document.querySelector(`[data-testid="${id}"]`) !== null, testId)
  await expect.poll(find, { timeout: 30_000 }).toBe(true)
  await tab.evaluate((id) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click(), testId)
}

function tunesOf(tab: EngineTab): Promise<string[]> {
  return tab.evaluate(() =>
    [...document.querySelectorAll('[data-testid="queue-row"]')].map(
      (row) => row.getAttribute('data-tune') ?? '',
    ),
  )
}

/** Runs a statement of one column in the inspector's SQL box, and waits for what it shows. */
async function inspect(tab: EngineTab, sql: string): Promise<string[]> {
  const role = () =>
    tab.evaluate(() => {
      const root = document.querySelector('tutti-inspector')?.shadowRoot
      return root?.querySelector('[data-testid="who-role"]')?.textContent ?? ''
    })
  await expect.poll(role, { timeout: 30_000 }).toMatch(/primary|replica/)
  await tab.evaluate((text) => {
    const root = document.querySelector('tutti-inspector')?.shadowRoot
    const box = root?.querySelector<HTMLTextAreaElement>('[data-testid="sql"]')
    if (box) box.value = text
    box?.dispatchEvent(new Event('input', { bubbles: true }))
    root?.querySelector<HTMLElement>('[data-testid="run"]')?.click()
  }, sql)
  const shown = () =>
    tab.evaluate(() => {
      const root = document.querySelector('tutti-inspector')?.shadowRoot
      const cells = root?.querySelectorAll('[data-testid="results"] tbody td') ?? []
      return [...cells].map((cell) => cell.textContent ?? '')
    })
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBeGreaterThan(0)
  return shown()
}
