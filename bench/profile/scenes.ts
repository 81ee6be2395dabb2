import type { BenchTab } from '../browsers/bench-browser.ts'
import { TUNES } from '../peers/tunes.ts'
import type { Stage } from '../stage.ts'

/** Something that is done, once or many times over, while nothing else is. */
export interface Scene {
  readonly name: string
  readonly times: number
  /** Opens what it takes, and returns what does it all. */
  prepare(stage: Stage): Promise<() => Promise<unknown>>
}

const READS = 10_000
const WRITES = 300
const ROWS = 1_000
const MANY_ROWS = 50_000
/** A read is due each so many ms. */
const EVERY = 10

export const scenes: readonly Scene[] = [
  inLast('read', 1, READS, (tab) =>
    tab.evaluate(([n, of]) => window.bench.reads(1, n, of), [READS, TUNES] as const),
  ),
  inLast('read-1000-rows', 1, 100, (tab) =>
    tab.evaluate(([count, of]) => window.bench.longReads(100, count, of), [ROWS, TUNES] as const),
  ),
  inLast('write', 1, WRITES, write),
  inLast('write-in-second-tab', 2, WRITES, write),
  {
    name: 'write-beside-nine-tabs',
    times: WRITES,
    async prepare(stage) {
      const name = await stage.kept('tunes', stage.newTunes)
      const tab = await stage.openTab(name)
      for (let others = 0; others < 9; others++) await stage.openSecondTab(name)
      await write(tab, stage)
      return () => write(tab, stage)
    },
  },
  {
    name: 'bulk',
    times: 1,
    async prepare(stage) {
      const { tab } = await stage.create()
      return () =>
        tab.evaluate(([from, rows]) => window.bench.bulk(from, rows), [stage.newIds(TUNES), TUNES] as const)
    },
  },
  {
    name: 'bulk-beside-reads',
    times: 1,
    async prepare(stage) {
      const name = await stage.newTunes()
      const writing = await stage.openTab(name)
      const reading = await stage.openSecondTab(name)
      await reading.evaluate(([every, of]) => window.bench.startReading(every, of), [EVERY, TUNES] as const)
      return () =>
        writing.evaluate(([from, rows]) => window.bench.bulk(from, rows), [
          stage.newIds(MANY_ROWS),
          MANY_ROWS,
        ] as const)
    },
  },
  {
    // With its page.
    name: 'open-second-tab',
    times: 1,
    async prepare(stage) {
      const name = await stage.kept('tunes', stage.newTunes)
      await stage.openTab(name)
      return async () => {
        const tab = await stage.newTab()
        await tab.evaluate((given) => window.bench.openAndRead({ name: given, create: false }, 7), name)
      }
    },
  },
]

/** In the last of so many tabs, and once before, for the browser to have compiled it. */
function inLast(
  name: string,
  tabs: number,
  times: number,
  perform: (tab: BenchTab, stage: Stage) => Promise<unknown>,
): Scene {
  return {
    name,
    times,
    async prepare(stage) {
      const database = await stage.kept('tunes', stage.newTunes)
      let tab = await stage.openTab(database)
      for (let open = 1; open < tabs; open++) tab = await stage.openSecondTab(database)
      await perform(tab, stage)
      return () => perform(tab, stage)
    },
  }
}

function write(tab: BenchTab, stage: Stage): Promise<unknown> {
  return tab.evaluate(([id, n]) => window.bench.writes(id, n), [stage.newIds(WRITES), WRITES] as const)
}
