import type { Page } from 'playwright-core'
import type { TestBrowser } from './browser.ts'
import { putBeforeScripts } from './take-away.ts'

/** The wall clock of all pages and workers of a browser. */
export interface WallClock {
  /** Sets it so many ms ahead of the true one, or behind it; it is a tab of the origin that says so to all. */
  set(tab: Page, ahead: number): Promise<void>
}

/**
 * Makes the wall clock of every page and worker opened from now on one that can be set: `Date.now()`, which
 * is how the library reads it. `performance.now()` stays what it is, as it does when a system's clock is set.
 */
export async function adjustWallClock({ context }: TestBrowser): Promise<WallClock> {
  let current = 0
  await putBeforeScripts(
    context,
    () => `{
      const now = Date.now
      let ahead = ${current}
      Date.now = () => now() + ahead
      new BroadcastChannel('wall-clock').onmessage = ({ data }) => { ahead = data }
    }`,
  )
  return {
    async set(tab, ahead) {
      current = ahead
      await tab.evaluate((ms) => {
        const channel = new BroadcastChannel('wall-clock')
        channel.postMessage(ms)
        channel.close()
      }, ahead)
    },
  }
}
