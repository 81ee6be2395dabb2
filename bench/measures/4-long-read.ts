import type { BenchTab } from '../browsers/bench-browser.ts'
import { TUNES } from '../peers/tunes.ts'
import { FIRST, type Measure, SECOND } from './measure.ts'

const READS = 60
const ROWS = 1000

/** Rows as objects, on the page. */
export const longRead: Measure = {
  number: 4,
  title: 'read of 1,000 rows',
  tunes: 'kept',
  bound: 40_000,
  async visit(stage, report, name) {
    report.samples(FIRST, await reads(await stage.openTab(name)))
    report.samples(SECOND, await reads(await stage.openSecondTab(name)))
  },
}

async function reads(tab: BenchTab): Promise<number[]> {
  const read = (count: number): Promise<number[]> =>
    tab.evaluate(([n, rows, of]) => window.bench.longReads(n, rows, of), [count, ROWS, TUNES] as const)
  await read(10)
  return read(READS)
}
