import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Adds a tune in a tab of the app that `e2e/packaging` installs, once it has opened its database. */
export async function addTune(tab: Page, title: string): Promise<void> {
  await tab.waitForSelector('button:enabled')
  await tab.fill('input[name=title]', title)
  await tab.click('button')
}

/** Waits until a tab shows these tunes. */
export async function expectTunes(tab: Page, tunes: string): Promise<void> {
  await expect.poll(() => tab.textContent('#tunes')).toBe(tunes)
}
