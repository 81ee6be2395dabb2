import { TUNES } from '../peers/tunes.ts'
import { type Measure, WRONG } from './measure.ts'
import { noteErrors } from './note-errors.ts'

const TABS = 4
const DURATION = 2_000
const MOST = 1_000_000

/** Four tabs write one row after the other, all at once; what was acknowledged must be there afterwards. */
export const fourWriters: Measure = {
  number: 2,
  title: 'four tabs writing one row at a time, at once',
  tunes: 'new',
  several: true,
  bound: 60_000,
  async visit(stage, report, name) {
    const tabs = [await stage.openTab(name)]
    while (tabs.length < TABS) tabs.push(await stage.openSecondTab(name))
    await Promise.all(
      tabs.map((tab) => tab.evaluate((from) => window.bench.startWriting(from), stage.newIds(MOST))),
    )
    await new Promise((resolve) => setTimeout(resolve, DURATION))
    const written = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.bench.stopWriting())))

    const acknowledged = written.reduce((sum, { answered }) => sum + answered.length, 0)
    const lasted = Math.max(...written.map(({ lasted: ms }) => ms))
    report.samples('commits', [(1000 * acknowledged) / lasted], '/s')
    report.samples(
      'each',
      written.flatMap(({ answered }) => answered.map(({ took }) => took)),
    )
    const errors = written.flatMap((tab) => tab.errors)
    noteErrors(report, errors)
    const there = (await tabs[0]?.evaluate(() => window.bench.count())) ?? Number.NaN
    const lost = Math.max(0, TUNES + acknowledged - there)
    if (lost > 0) report.note(`${lost} of ${acknowledged} acknowledged rows lost`)
    report.samples(WRONG, [errors.length + lost], '×')
  },
}
