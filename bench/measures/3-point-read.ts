import type { BenchTab } from '../browsers/bench-browser.ts'
import { TUNES } from '../peers/tunes.ts'
import { FIRST, type Measure, type Report, SECOND } from './measure.ts'

const SAMPLES = 60
/** Reads that one sample is the mean of: a page's clock ticks every 0.1 ms, and a read may take less. */
const EACH = 100
/** The browser compiles anew what is called often: so many samples are made first, and dropped. */
const WARM = 15

/** By key, of other tunes each time. */
export const pointRead: Measure = {
  number: 3,
  title: 'point read by key',
  tunes: 'kept',
  inFirefox: true,
  bound: 40_000,
  async visit(stage, report, name) {
    await readIn(await stage.openTab(name), FIRST, report)
    await readIn(await stage.openSecondTab(name), SECOND, report)
  },
}

async function readIn(tab: BenchTab, where: string, report: Report): Promise<void> {
  const read = (samples: number): Promise<number[]> =>
    tab.evaluate(([n, each, of]) => window.bench.reads(n, each, of), [samples, EACH, TUNES] as const)
  await read(WARM)
  report.samples(where, await read(SAMPLES))
  const now = await tab.evaluate(([n, each, of]) => window.bench.readsNow(n, each, of), [
    SAMPLES,
    EACH,
    TUNES,
  ] as const)
  if (now !== undefined) report.samples(`${where}, synchronous`, now)
}
