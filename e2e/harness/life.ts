import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { sessionOf } from './faults.ts'
import type { Site } from './serve.ts'

// Under `lifecycle: true` only: elsewhere each of these would wait for what never comes.

/** Lets the browser freeze a hidden tab: page and workers stop, locks and files stay held. */
export async function freeze(tab: Page): Promise<void> {
  // Chromium freezes no visible page, and says nothing.
  await expect.poll(() => isHidden(tab)).toBe(true)
  await tab.evaluate(() => {
    const once = { once: true }
    document.addEventListener('freeze', () => void (window.frozen = true), once)
    document.addEventListener('resume', () => void (window.frozen = false), once)
  })
  await setState(tab, 'frozen')
  // A frozen page still lets itself be evaluated, as long as nothing has to be waited for.
  await expect.poll(() => tab.evaluate(() => window.frozen)).toBe(true)
}

/** Lets a frozen tab go on, hidden as it is. */
export async function thaw(tab: Page): Promise<void> {
  await setState(tab, 'active')
  await expect.poll(() => tab.evaluate(() => window.frozen)).toBe(false)
}

/** Brings a tab to the front, and so hides the others of its window. */
export async function show(tab: Page): Promise<void> {
  await tab.bringToFront()
  await expect.poll(() => isHidden(tab)).toBe(false)
}

/** Minimises the window, and so hides all its tabs, until one is shown. */
export async function hideAll(tabs: readonly Page[]): Promise<void> {
  await setWindow(tabs, 'minimized')
  for (const tab of tabs) await expect.poll(() => isHidden(tab)).toBe(true)
}

/** Brings the window back as it was. */
export function unhide(tabs: readonly Page[]): Promise<void> {
  return setWindow(tabs, 'normal')
}

/** Goes to another origin: the page enters the back/forward cache, if the browser will have it. */
export async function leave(tab: Page, site: Site): Promise<void> {
  await tab.evaluate(() => {
    window.returned = new Promise((resolve) => {
      window.addEventListener('pageshow', ({ persisted }) => resolve(persisted), { once: true })
    })
  })
  await tab.goto(site.url.replace('127.0.0.1', 'localhost'))
}

/** Goes back to the page that was left: whether that came out of the cache, or was loaded anew. */
export async function comeBack(tab: Page): Promise<'cached' | 'loaded'> {
  await tab.goBack({ waitUntil: 'commit' })
  return (await tab.evaluate(() => window.returned)) === true ? 'cached' : 'loaded'
}

export function isHidden(tab: Page): Promise<boolean> {
  return tab.evaluate(() => document.visibilityState === 'hidden')
}

async function setState(tab: Page, state: 'frozen' | 'active'): Promise<void> {
  const session = await sessionOf(tab)
  await session.send('Page.setWebLifecycleState', { state })
}

async function setWindow(tabs: readonly Page[], windowState: 'minimized' | 'normal'): Promise<void> {
  for (const tab of tabs) {
    const session = await sessionOf(tab)
    const { windowId } = await session.send('Browser.getWindowForTarget')
    await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  }
}

declare global {
  interface Window {
    /** Whether the page was frozen last, or thawed. */
    frozen: boolean
    /** There since `leave`: whether the page came out of the cache. */
    returned?: Promise<boolean>
  }
}
