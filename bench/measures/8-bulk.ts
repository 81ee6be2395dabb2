import { TUNES } from '../peers/tunes.ts'
import type { Measure } from './measure.ts'

/** Rows that the page has as objects, into an empty table with its index. */
export const bulk: Measure = {
  number: 8,
  title: 'bulk: 20,000 rows in one transaction',
  bound: 40_000,
  async visit(stage, report) {
    const { tab } = await stage.create()
    const took = await tab.evaluate((count) => window.bench.bulk(1, count), TUNES)
    report.samples('rows', [(1000 * TUNES) / took], '/s')
    report.samples('a row', [took / TUNES])
  },
}
