import type { Page } from 'playwright-core'
import { type Figure, median, type Ratio } from '../figure.ts'
import { closeAll, type House } from '../house.ts'

const ROUNDS = 7
const WRITES = 20

/** The same write elsewhere, in turns, so that whatever else the machine does falls on all of them. */
export async function compareStorages({
  newTab,
  openTab,
}: House): Promise<{ figures: Figure[]; ratios: Ratio[] }> {
  const opfs = await openTab({ user: 'compare' })
  const indexedDb = await openTab({ user: 'compare-indexeddb', storage: 'indexeddb' })
  const pooled = await newTab()
  await pooled.evaluate(() => window.bench.startPooled())
  const write = (tab: Page) => () => tab.evaluate((n) => window.bench.writes(n), WRITES)
  const contenders = [
    { name: 'write, alone, Tutti on OPFS', run: write(opfs), samples: [] as number[] },
    { name: 'write, alone, Tutti on IndexedDB', run: write(indexedDb), samples: [] as number[] },
    {
      name: 'write, alone, opfs-sahpool in one worker, without Tutti',
      run: () => pooled.evaluate((n) => window.bench.pooledWrites(n), WRITES),
      samples: [] as number[],
    },
  ] as const
  for (const { run } of contenders) await run()
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run, samples } of contenders) samples.push(...(await run()))
  }
  await closeAll([pooled, indexedDb, opfs])
  const [tutti, onIndexedDb, sahpool] = contenders
  return {
    figures: contenders.map(({ name, samples }) => ({ name, samples })),
    ratios: [
      { name: 'Tutti on OPFS to opfs-sahpool', value: median(tutti.samples) / median(sahpool.samples) },
      { name: 'Tutti on IndexedDB to OPFS', value: median(onIndexedDb.samples) / median(tutti.samples) },
    ],
  }
}
