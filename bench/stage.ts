import type { BenchBrowser, BenchTab } from './browsers/bench-browser.ts'
import { ABSENT } from './page/absent.ts'
import type { Peer } from './peers/list.ts'
import { TUNES } from './peers/tunes.ts'
import type { Site } from './site.ts'
import { within } from './within.ts'

/** Where one peer performs: its tabs, its databases, its ids. */
export interface Stage {
  readonly peer: Peer
  readonly site: Site
  readonly browser: BenchBrowser
  /** A tab with the peer's code loaded, and nothing opened. */
  newTab(): Promise<BenchTab>
  /** A tab with that database open, and whatever it prepares in the background there. */
  openTab(database: string): Promise<BenchTab>
  /** A further one. Throws that it is absent where only one tab can have the database. */
  openSecondTab(database: string): Promise<BenchTab>
  /** The name of a database that nobody has made yet. */
  newName(): string
  /** A tab with a new database open in it, and that database's name. */
  create(): Promise<{ readonly tab: BenchTab; readonly name: string }>
  /** A database of {@link TUNES} tunes that nobody has open, for whoever would leave it much changed. */
  newTunes(): Promise<string>
  /** The database of that kind: made the first time, and then the same one. */
  kept(kind: string, make: () => Promise<string>): Promise<string>
  /** The first of so many ids that no tune has. */
  newIds(count: number): number
  /** Ends a tab as a user's ends: the peer is not asked first. */
  end(tab: BenchTab, how: 'closed' | 'crashed'): Promise<void>
  /** Closes every tab, last one first, and the peer in it before. */
  clear(): Promise<void>
  /**
   * For when the browser itself was ended under a visit that hangs: that visit gets no further tab, and the stage
   * that is returned goes on in its place.
   */
  leave(): Stage
}

/** What outlives a visit that hangs. */
interface Props {
  databases: number
  ids: number
  readonly kept: Map<string, string>
}

/** Past the tunes of the largest database. */
const FIRST_ID = 10_000_000
/** A peer's `close` may hang, too. */
const CLOSE = 5_000
/** Whoever fails to make a database may try again. */
const TRIES = 3

/** @param note hears of each database that could not be made at the first try */
export function createStage(
  browser: BenchBrowser,
  peer: Peer,
  site: Site,
  note: (text: string) => void,
  props: Props = { databases: 0, ids: FIRST_ID, kept: new Map() },
): Stage {
  const tabs = new Set<BenchTab>()
  let left = false

  async function newTab(): Promise<BenchTab> {
    if (left) throw new Error('this visit was ended')
    const tab = await browser.newTab(site.url)
    tabs.add(tab)
    await tab.evaluate(() => window.benchReady)
    return tab
  }

  async function openTab(name: string): Promise<BenchTab> {
    const tab = await newTab()
    await tab.evaluate((given) => window.bench.open({ name: given, create: false }), name)
    await tab.evaluate(() => window.bench.settled())
    return tab
  }

  const newName = (): string => `${peer.name}-${++props.databases}`

  async function create(): Promise<{ tab: BenchTab; name: string }> {
    for (let tries = 1; ; tries++) {
      const name = newName()
      const tab = await newTab()
      try {
        await tab.evaluate((given) => window.bench.open({ name: given, create: true }), name)
        return { tab, name }
      } catch (error) {
        if (left || tries === TRIES || !(error instanceof Error)) throw error
        note(`a new database failed to open: ${firstLine(error)}`)
        await closeTab(tab)
      }
    }
  }

  async function newTunes(): Promise<string> {
    const { tab, name } = await create()
    // Floors bring their tunes along, or have none.
    await tab
      .evaluate((count) => window.bench.bulk(1, count), TUNES)
      .catch((error: Error) => {
        if (!isAbsent(error)) throw error
      })
    await closeTab(tab)
    return name
  }

  async function closeTab(tab: BenchTab): Promise<void> {
    tabs.delete(tab)
    await within(
      CLOSE,
      tab.evaluate(() => window.bench.close()),
    ).catch(() => {})
    await within(CLOSE, tab.close())
  }

  return {
    peer,
    site,
    browser,
    newTab,
    openTab,
    async openSecondTab(name) {
      if (peer.tabs === 'one') throw new Error(`${ABSENT}one tab only`)
      return openTab(name)
    },
    newName,
    create,
    newTunes,
    async kept(kind, make) {
      const name = props.kept.get(kind) ?? (await make())
      props.kept.set(kind, name)
      return name
    },
    newIds(count) {
      props.ids += count
      return props.ids - count
    },
    async end(tab, how) {
      tabs.delete(tab)
      if (how === 'closed') return tab.close()
      if (tab.crash === undefined) throw new Error(`${ABSENT}no way to crash a tab`)
      await tab.crash()
    },
    async clear() {
      for (const tab of [...tabs].toReversed()) await closeTab(tab)
    },
    leave() {
      left = true
      return createStage(browser, peer, site, note, props)
    },
  }
}

/** Whether a measure ended because the peer has not got what it measures. */
export function isAbsent({ message }: Error): boolean {
  return message.includes(ABSENT)
}

/** The first line of an error of a page, without its driver's part of it. */
export function firstLine({ message }: Error): string {
  return (message.split('\n')[0] ?? '').replace(/^page\.\w+: (Error: )?/, '').slice(0, 160)
}
