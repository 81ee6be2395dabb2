import type { Page } from 'playwright-core'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import type { Peer } from './peers/list.ts'
import { TUNES } from './peers/tunes.ts'
import { within } from './within.ts'

/** Where one peer performs: its tabs, its databases, its ids. */
export interface Stage {
  readonly peer: Peer
  /** A tab with the peer's code loaded, and nothing opened. */
  newTab(): Promise<Page>
  /** A tab with that database open, and whatever it prepares in the background there. */
  openTab(database: string): Promise<Page>
  /** A further one: a peer of which only one tab can have the database is absent. */
  openSecondTab(database: string): Promise<Page>
  /** The name of a database that nobody has made yet. */
  newName(): string
  /** One of {@link TUNES} tunes that nobody has open; made the first time, and then the same. */
  tunes(): Promise<string>
  /** Another one, for whoever would leave it much changed. */
  newTunes(): Promise<string>
  /** The first of so many ids that no tune has. */
  newIds(count: number): number
  /** Closes every tab: the peer's own `close` first. */
  clear(): Promise<void>
}

/** A peer's `close` may hang, too. */
const CLOSE = 5_000

/** Says that a peer has not got what is to be measured. */
export class AbsentError extends Error {
  override readonly name = 'AbsentError'
}

export function createStage(browser: TestBrowser, peer: Peer, url: string): Stage {
  const tabs = new Set<Page>()
  let databases = 0
  let ids = 1_000_000
  let kept: string | undefined

  async function newTab(): Promise<Page> {
    const tab = await browser.newTab(url)
    tabs.add(tab)
    await tab.waitForSelector('body[data-ready]', { state: 'attached' })
    return tab
  }

  async function openTab(name: string): Promise<Page> {
    const tab = await newTab()
    await tab.evaluate((given) => window.bench.open({ name: given, create: false }), name)
    await tab.evaluate(() => window.bench.settled())
    return tab
  }

  const newName = () => `${peer.name}-${++databases}`

  async function newTunes(): Promise<string> {
    const name = newName()
    const tab = await newTab()
    await tab.evaluate((given) => window.bench.open({ name: given, create: true }), name)
    await tab
      .evaluate((count) => window.bench.bulk(1, count), TUNES)
      .catch((error: Error) => {
        // Floors bring their tunes along, or have none.
        if (!error.message.includes('absent')) throw error
      })
    await closeTab(tab)
    return name
  }

  async function closeTab(tab: Page): Promise<void> {
    tabs.delete(tab)
    if (tab.isClosed()) return
    await within(
      CLOSE,
      tab.evaluate(() => window.bench.close()),
    ).catch(() => {})
    await within(CLOSE, tab.close())
  }

  return {
    peer,
    newTab,
    openTab,
    async openSecondTab(name) {
      if (peer.tabs === 'one') throw new AbsentError('one tab only')
      return openTab(name)
    },
    newName,
    async tunes() {
      kept ??= await newTunes()
      return kept
    },
    newTunes,
    newIds(count) {
      ids += count
      return ids - count
    },
    async clear() {
      for (const tab of [...tabs].toReversed()) await closeTab(tab)
    },
  }
}
