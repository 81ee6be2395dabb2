import type { Figure } from '../figure.ts'
import { closeAll, type House } from '../house.ts'

const READS = 100
/** Reads that one sample is the mean of. */
const EACH = 10

/** Reads in each tab, at rest and while the other one writes without pause. */
export async function readRows({ openTab }: House): Promise<Figure[]> {
  const settings = { user: 'read' }
  const own = await openTab(settings)
  await own.evaluate(() => window.bench.fill(1000))
  const other = await openTab(settings)
  const tabs = [
    { tab: own, where: "primary's own tab" },
    { tab: other, where: 'another tab' },
  ]
  const figures: Figure[] = []
  for (const { tab, where } of tabs) {
    await tab.evaluate(() => window.bench.pointReads(10, 10))
    const point = await tab.evaluate(([n, each]) => window.bench.pointReads(n, each), [READS, EACH] as const)
    const long = await tab.evaluate(([n, each]) => window.bench.longReads(n, each), [READS, EACH] as const)
    figures.push(
      { name: `read of a row, ${where}`, samples: point },
      { name: `read of 100 rows of 2 kB, ${where}`, samples: long },
    )
  }
  await own.evaluate(() => window.bench.startWriting())
  const during = await other.evaluate((n) => window.bench.pointReads(n, 1), 5 * READS)
  await own.evaluate(() => window.bench.stopWriting())
  figures.push({ name: 'read of a row while another tab writes without pause', samples: during })
  await closeAll([other, own])
  return figures
}
