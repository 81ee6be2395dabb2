import type { Page } from 'playwright-core'
import { crash } from '../../e2e/harness/faults.ts'
import type { Figure } from '../figure.ts'
import type { House } from '../house.ts'

const TIMES = 5

/** The primary's tab ends while another one writes without pause: how long that one's longest write took. */
export async function failOver(house: House): Promise<Figure[]> {
  return [
    { name: "failover, primary's tab closed", samples: await endPrimaries(house, (tab) => tab.close()) },
    { name: "failover, primary's tab crashed", samples: await endPrimaries(house, crash) },
  ]
}

async function endPrimaries({ openTab }: House, end: (tab: Page) => Promise<void>): Promise<number[]> {
  const settings = { user: `failover-${end.name}` }
  const samples: number[] = []
  let primary = await openTab(settings)
  for (let i = 0; i < TIMES; i++) {
    const heir = await openTab(settings)
    await heir.evaluate(() => window.bench.writes(20))
    await heir.evaluate(() => window.bench.startWriting())
    await end(primary)
    samples.push(Math.max(...(await heir.evaluate(() => window.bench.stopWriting()))))
    primary = heir
  }
  await primary.close()
  return samples
}
