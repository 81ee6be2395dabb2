import { setTimeout } from 'node:timers/promises'
import { poll } from '../poll.ts'
import type { Stage } from '../stage.ts'
import { type Measure, type Report, WRONG } from './measure.ts'
import { noteErrors } from './note-errors.ts'

const MOST = 1_000_000
const WARM = 5
const AFTERWARDS = 5
/** Hardly anybody's first tab ends in another's first second; ms. */
const SETTLE = 1000

/** Both tabs write without pause when the one that opened first ends: the longest that the other one went without. */
export const failover: Measure = {
  number: 9,
  title: 'failover: the first tab ends under writes in both',
  tunes: 'new',
  several: true,
  bound: 60_000,
  async visit(stage, report, name) {
    await endFirst(stage, report, name, 'closed')
    await stage.clear()
    await endFirst(stage, report, name, 'crashed')
  },
}

async function endFirst(
  stage: Stage,
  report: Report,
  name: string,
  how: 'closed' | 'crashed',
): Promise<void> {
  const first = await stage.openTab(name)
  const second = await stage.openSecondTab(name)
  await setTimeout(SETTLE)
  for (const tab of [first, second]) {
    await tab.evaluate((from) => window.bench.startWriting(from), stage.newIds(MOST))
  }
  const answered = (tab = second): Promise<number> => tab.evaluate(() => window.bench.answeredSoFar().length)
  for (const tab of [first, second]) await poll('both tabs write', async () => (await answered(tab)) > WARM)

  // What is acknowledged later is not asked for: nobody is left who could say.
  const acknowledged = await first.evaluate(() => window.bench.answeredSoFar())
  await stage.end(first, how)
  const then = await answered()
  try {
    await poll('it writes on', async () => (await answered()) > then + AFTERWARDS)
  } catch {
    report.note(`${how}: the other tab writes no more`)
    report.samples(`${WRONG}, ${how}`, [1], '×')
    return
  }
  const { answered: own, errors } = await second.evaluate(() => window.bench.stopWriting())
  const gaps = own.map(({ at }, index) => at - (own[index - 1]?.at ?? at))
  report.samples(`longest wait, ${how}`, [Math.max(...gaps)])
  noteErrors(
    report,
    errors.map((error) => `${how}: ${error}`),
  )
  const ids = [...acknowledged, ...own].map(({ id }) => id)
  const missing = await second.evaluate((wanted) => window.bench.missing(wanted), ids)
  if (missing.length > 0) report.note(`${how}: ${missing.length} of ${ids.length} acknowledged rows lost`)
  report.samples(`${WRONG}, ${how}`, [errors.length + missing.length], '×')
}
