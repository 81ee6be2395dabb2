import { firstLine, isAbsent, type Stage } from '../stage.ts'
import { databaseOf } from './fill.ts'
import type { Measure, Report } from './measure.ts'
import { timeCallbacks } from './time-callbacks.ts'

const TABS = [1, 2, 5, 10, 20]
const SIZES = [1, 10, 50, 200]
const LIVE_QUERIES = [1, 10, 100, 500]
const WRITES = 20

/** The same few things with more tabs, more data, more live queries. */
export const growth: Measure = {
  number: 11,
  title: 'growth: tabs, data, live queries',
  tunes: 'kept',
  several: true,
  once: true,
  bound: 400_000,
  async visit(stage, report, name) {
    await moreTabs(stage, report, name)
    await stage.clear()
    await moreLiveQueries(stage, report, name).catch((error: Error) => {
      if (!isAbsent(error)) report.note(`live queries: ${firstLine(error)}`)
    })
    await stage.clear()
    await moreData(stage, report)
  },
}

async function moreTabs(stage: Stage, report: Report, name: string): Promise<void> {
  const writing = await stage.openTab(name)
  let open = 1
  for (const tabs of TABS) {
    for (; open < tabs; open++) await stage.openSecondTab(name)
    const took = await writing.evaluate(([id, n]) => window.bench.writes(id, n), [
      stage.newIds(WRITES),
      WRITES,
    ] as const)
    report.point('a write, by open tabs', `${tabs} tabs`, took)
  }
}

async function moreLiveQueries(stage: Stage, report: Report, name: string): Promise<void> {
  const writing = await stage.openTab(name)
  const listening = await stage.openSecondTab(name)
  let queries = 1
  for (const count of LIVE_QUERIES) {
    await listening.evaluate((n) => window.bench.listenAside(n), count - queries)
    queries = count
    const { called } = await timeCallbacks(stage, { writing, listening, pause: 20 })
    report.point('from a write to the callback, by live queries there', `${count} queries`, called)
  }
}

async function moreData(stage: Stage, report: Report): Promise<void> {
  for (const size of SIZES) {
    const name = await databaseOf(stage, size)
    const x = `${size} MB`
    const writing = await stage.newTab()
    const opened = await writing.evaluate(
      (given) => window.bench.openAndRead({ name: given, create: false }, 7),
      name,
    )
    report.point('open to first row, by data', x, [opened])
    await writing.evaluate(() => window.bench.settled())
    const took = await writing.evaluate(([id, n]) => window.bench.writes(id, n), [
      stage.newIds(WRITES),
      WRITES,
    ] as const)
    report.point('a write, by data', x, took)
    const from = performance.now()
    await stage.openSecondTab(name)
    report.point('a second tab until it has all it prepares, page included, by data', x, [
      performance.now() - from,
    ])
    await stage.clear()
  }
}
