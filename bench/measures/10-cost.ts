import { extname } from 'node:path'
import { kilobytesOf } from '../../scripts/page-size.mjs'
import type { Side } from '../site.ts'
import type { Stage } from '../stage.ts'
import { databaseOf, tunesFor } from './fill.ts'
import type { Measure } from './measure.ts'

const SIZES = [1, 10, 50]
/** The bench's own part of the page. */
const OURS = /^\/assets\/(?:index|preload-helper|peer|tunes)-/

/** What a tab loads, and what it keeps in memory. */
export const cost: Measure = {
  number: 10,
  title: 'cost: bytes to load (brotli), memory of a further tab',
  tunes: 'kept',
  once: true,
  bound: 600_000,
  async visit(stage, report, name) {
    const tab = await stage.openTab(name)
    await tab.evaluate((id) => window.bench.writes(id, 1), stage.newIds(1))
    await stage.clear()
    report.samples('page side', [kilobytes(stage, 'page')], 'kB')
    report.samples('workers', [kilobytes(stage, 'worker')], 'kB')
    report.samples('wasm and data', [kilobytes(stage, 'data')], 'kB')
    if (stage.peer.tabs === 'one') return
    for (const size of SIZES) {
      const grown = await furtherTab(stage, size)
      if (grown === undefined) return report.note('memory cannot be asked for here')
      report.point('memory of a further tab', `${size} MB`, [grown / 1e6], 'MB')
    }
  },
}

function kilobytes(stage: Stage, side: Side): number {
  const files = [...stage.site.asked].filter(
    ([file, asked]) => asked.side === side && extname(file) !== '.html' && !OURS.test(file),
  )
  return kilobytesOf(files.map(([, { content }]) => content))
}

/** By how much the browser grows when a tab that has its code loaded opens the database and reads in it. */
async function furtherTab(stage: Stage, megabytes: number): Promise<number | undefined> {
  const name = await databaseOf(stage, megabytes)
  await stage.openTab(name)
  const further = await stage.newTab()
  const before = await stage.browser.memory?.()
  await further.evaluate((given) => window.bench.open({ name: given, create: false }), name)
  await further.evaluate(() => window.bench.settled())
  await further.evaluate((of) => window.bench.longReads(3, 1000, of), tunesFor(megabytes))
  const after = await stage.browser.memory?.()
  await stage.clear()
  return before === undefined || after === undefined ? undefined : after - before
}
