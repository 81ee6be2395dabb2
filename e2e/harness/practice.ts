import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestBrowser } from './browser.ts'
import type { Site } from './serve.ts'

/** A demo user of Practice whose queue has three rows, and one whose queue is full. */
export const shortSet = {
  user: '00000000-0000-4000-8000-000000009002',
  playlist: '00000000-0000-4000-8000-000000019002',
  queue: 3,
}
export const fullRepertoire = {
  user: '00000000-0000-4000-8000-000000009003',
  playlist: '00000000-0000-4000-8000-000000019003',
  queue: 10,
}

/** Opens a tab on the sign-in page. */
export async function openSignIn(browser: TestBrowser, practice: Site): Promise<Page> {
  const tab = await browser.newTab(practice.url)
  await tab.getByText('Who is playing?').waitFor()
  return tab
}

/** Opens a tab and signs a user in; resolves when today's queue is on show. */
export async function signIn(
  browser: TestBrowser,
  practice: Site,
  { user, queue }: { readonly user: string; readonly queue: number },
): Promise<Page> {
  const tab = await openSignIn(browser, practice)
  await tab.getByTestId(`sign-in-${user}`).click()
  await expectQueue(tab, queue)
  return tab
}

/** Opens one more tab on today's page, as whoever is signed in. */
export async function openToday(browser: TestBrowser, practice: Site, queue: number): Promise<Page> {
  const tab = await browser.newTab(`${practice.url}/practice`)
  await expectQueue(tab, queue)
  return tab
}

/** Waits until the grid has so many rows. */
export async function expectQueue(tab: Page, rows: number): Promise<void> {
  await expect.poll(() => tab.getByTestId('queue-row').count(), { timeout: 20_000 }).toBe(rows)
}

/** The ids of the tunes on show, in their order. */
export function tunesOf(tab: Page): Promise<string[]> {
  return tab
    .getByTestId('queue-row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-tune') ?? ''))
}

type Answer = 'again' | 'hard' | 'good' | 'easy'

/** Goes to a tab and stages an evaluation in it. */
export async function rate(tab: Page, row: number, name: Answer): Promise<void> {
  // A tab in the background paints once a second, and clicks wait for that.
  await tab.bringToFront()
  await answer(tab, row, name).check()
}

/** One answer of one row of the grid. */
export function answer(tab: Page, row: number, name: Answer): Locator {
  return tab.getByTestId('queue-row').nth(row).getByTestId(`rate-${name}`)
}

/** Waits until a tab says that so many evaluations are staged. */
export async function expectStaged(tab: Page, count: number): Promise<void> {
  await expect
    .poll(() => tab.getByTestId('staged-count').textContent(), { timeout: 10_000 })
    .toBe(String(count))
}

/** What the page's footer says of its own tab. */
export async function footerOf(
  tab: Page,
): Promise<{ role: string; tab: string; storage: string; text: string }> {
  const [role, name, storage, text] = await Promise.all([
    tab.getByTestId('status-role').innerText(),
    tab.getByTestId('status-tab').innerText(),
    tab.getByTestId('status-storage').innerText(),
    tab.locator('footer').innerText(),
  ])
  return { role, tab: name.replace('tab ', ''), storage, text }
}

/** Clicks a button in several tabs at one moment. Returns in which of them it could be pressed then. */
export async function pressTogether(tabs: readonly Page[], testId: string): Promise<boolean[]> {
  for (const tab of tabs) {
    await tab.evaluate((id) => {
      const start = new BroadcastChannel('press-together')
      window.pressed = new Promise((resolve) => {
        start.addEventListener('message', () => {
          const button = document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`)
          resolve(button?.disabled === false)
          button?.click()
          start.close()
        })
      })
    }, testId)
  }
  await tabs[0]?.evaluate(() => {
    const start = new BroadcastChannel('press-together')
    start.postMessage('now')
    start.close()
  })
  return Promise.all(tabs.map((tab) => tab.evaluate(() => window.pressed)))
}

declare global {
  interface Window {
    /** Whether the button of `pressTogether` was enabled when it was clicked. */
    pressed: Promise<boolean>
  }
}
