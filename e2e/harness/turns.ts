import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Has a tab call `runExclusive` once, as an app does at its start, with something that never ends by itself. */
export async function queueUp(tab: Page): Promise<void> {
  const before = await inQueue(tab)
  await tab.evaluate(() => {
    window.turns = { begun: 0, running: false }
    window.pending = window.settle(
      window.db.runExclusive('sync', (signal) => {
        window.turns.begun++
        window.turns.running = true
        return new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            window.turns.running = false
            resolve()
          })
        })
      }),
    )
  })
  // Its code is loaded first: who is told to come later is not to overtake it.
  await expect.poll(() => inQueue(tab), { timeout: 20_000 }).toBe(before + 1)
}

/** How many calls, of all tabs, have their turn or wait for it. */
function inQueue(tab: Page): Promise<number> {
  return tab.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].filter(({ name }) => name?.endsWith('/exclusive/sync')).length
  })
}

/** How often a tab has had its turn, and whether it has it now. */
export function turnsOf(tab: Page): Promise<{ begun: number; running: boolean }> {
  return tab.evaluate(() => window.turns)
}

/** Waits until exactly one of the tabs has its turn; returns it. */
export async function tabWithTurn(tabs: readonly Page[]): Promise<Page> {
  const running = async () => {
    const all = await Promise.all(tabs.map(turnsOf))
    return tabs.filter((_, i) => all[i]?.running === true)
  }
  await expect.poll(async () => (await running()).length, { timeout: 20_000 }).toBe(1)
  const [tab] = await running()
  if (tab === undefined) throw new Error('the turn went on while it was asked for')
  return tab
}

declare global {
  interface Window {
    turns: { begun: number; running: boolean }
  }
}
