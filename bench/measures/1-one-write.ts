import type { BenchTab } from '../browsers/bench-browser.ts'
import type { Stage } from '../stage.ts'
import { FIRST, type Measure, SECOND } from './measure.ts'

/** Until the browser has compiled what a write takes: an app's first few are no measure of the rest. */
const WARM = 100
const WRITES = 200

/** One row, one transaction, one after the other; in the second tab while the first is open and still. */
export const oneWrite: Measure = {
  number: 1,
  title: 'one durable one-row write',
  tunes: 'kept',
  inFirefox: true,
  bound: 40_000,
  async visit(stage, report, name) {
    report.samples(FIRST, await writes(stage, await stage.openTab(name)))
    report.samples(SECOND, await writes(stage, await stage.openSecondTab(name)))
  },
}

async function writes(stage: Stage, tab: BenchTab): Promise<number[]> {
  const from = stage.newIds(WARM + WRITES)
  await tab.evaluate(([id, n]) => window.bench.writes(id, n), [from, WARM] as const)
  return tab.evaluate(([id, n]) => window.bench.writes(id, n), [from + WARM, WRITES] as const)
}
