import { poll } from '../poll.ts'
import type { Measure } from './measure.ts'

const WRITES = 20
/** For the slowest to have called back before the next write. */
const PAUSE = 60

/** One tab writes; another has a live query that each of the writes changes. */
export const live: Measure = {
  number: 6,
  title: 'live: from a write in one tab to the callback in another',
  tunes: 'kept',
  several: true,
  bound: 40_000,
  async visit(stage, report, name) {
    const writing = await stage.openTab(name)
    const listening = await stage.openSecondTab(name)
    const from = stage.newIds(WRITES)
    const title = `live ${from}`
    await listening.evaluate((given) => window.bench.listen(given), title)
    const written = await writing.evaluate(
      ([id, n, given, pause]) => window.bench.datedWrites(id, n, given, pause),
      [from, WRITES, title, PAUSE] as const,
    )
    await poll(
      'a callback for each write',
      async () => (await listening.evaluate(() => window.bench.seen())).length === WRITES,
    )
    const seen = new Map((await listening.evaluate(() => window.bench.seen())).map(({ id, at }) => [id, at]))
    const after = (since: 'called' | 'resolved'): number[] =>
      written.map((write) => (seen.get(write.id) ?? Number.NaN) - write[since])
    report.samples('from the commit', after('resolved'))
    report.samples('from the call', after('called'))
  },
}
