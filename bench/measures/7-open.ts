import { FIRST, type Measure, SECOND } from './measure.ts'

/** From the call to a row of a database that is there; its code is loaded, its workers and wasm are not. */
export const openToRow: Measure = {
  number: 7,
  title: 'open to first row, the database exists',
  tunes: 'kept',
  inFirefox: true,
  bound: 40_000,
  async visit(stage, report, name) {
    const settings = { name, create: false }
    const first = await stage.newTab()
    report.samples(FIRST, [await first.evaluate((given) => window.bench.openAndRead(given, 7), settings)])
    if (stage.peer.tabs === 'one') return
    const second = await stage.newTab()
    report.samples(SECOND, [await second.evaluate((given) => window.bench.openAndRead(given, 7), settings)])
  },
}
