import type { Measure } from './measure.ts'
import { timeCallbacks } from './time-callbacks.ts'

/** One tab writes; another has a live query that each of the writes changes. */
export const live: Measure = {
  number: 6,
  title: 'live: from a write in one tab to the callback in another',
  tunes: 'kept',
  inFirefox: true,
  several: true,
  bound: 40_000,
  async visit(stage, report, name) {
    const writing = await stage.openTab(name)
    const listening = await stage.openSecondTab(name)
    const { called, resolved } = await timeCallbacks(stage, { writing, listening, pause: 60 })
    report.samples('from the commit', resolved)
    report.samples('from the call', called)
  },
}
