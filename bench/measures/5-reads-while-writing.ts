import { TUNES } from '../peers/tunes.ts'
import { poll } from '../poll.ts'
import type { Measure } from './measure.ts'

const ROWS = 50_000
/** A read is due each so many ms. */
const EVERY = 10
const BEFORE = 20

/** Another tab writes many rows in one transaction; the reads of this one that were due meanwhile. */
export const readsWhileWriting: Measure = {
  number: 5,
  title: 'reads in one tab while another writes 50,000 rows',
  tunes: 'new',
  several: true,
  bound: 90_000,
  async visit(stage, report, name) {
    const writing = await stage.openTab(name)
    const reading = await stage.openSecondTab(name)
    await reading.evaluate(([every, of]) => window.bench.startReading(every, of), [EVERY, TUNES] as const)
    await poll(
      'the first reads',
      async () => (await reading.evaluate(() => window.bench.readSoFar())) > BEFORE,
    )
    const ended = await writing.evaluate(
      ([from, rows]) => window.bench.bulk(from, rows).then((took) => ({ at: window.bench.now(), took })),
      [stage.newIds(ROWS), ROWS] as const,
    )
    const reads = await reading.evaluate(() => window.bench.stopReading())
    const meanwhile = reads.filter(({ due }) => due >= ended.at - ended.took && due <= ended.at)
    report.samples(
      'a read meanwhile',
      meanwhile.map(({ took }) => took),
    )
    report.samples('the write', [ended.took])
  },
}
