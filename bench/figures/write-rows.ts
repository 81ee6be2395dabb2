import type { Page } from 'playwright-core'
import type { Figure } from '../figure.ts'
import { closeAll, type House } from '../house.ts'

const WRITES = 150
const WARM = 50

/** Durable writes of one row, in the primary's own tab and in another, while both have a replica. */
export async function writeRows({ openTab }: House): Promise<Figure[]> {
  const settings = { user: 'write' }
  const own = await openTab(settings)
  const other = await openTab(settings)
  for (const tab of [own, other]) await writes(tab, WARM)
  const figures = [
    { name: "write, primary's own tab", samples: await writes(own, WRITES) },
    { name: 'write, another tab', samples: await writes(other, WRITES) },
    { name: "write, primary's own tab, 1,000 not awaited, each", samples: await writesAtOnce(own) },
    { name: 'write, another tab, 1,000 not awaited, each', samples: await writesAtOnce(other) },
    { name: 'call of a write to onChange in another tab', samples: await notifications(own, other) },
  ]
  await closeAll([other, own])
  return figures
}

function writes(tab: Page, n: number): Promise<number[]> {
  return tab.evaluate((count) => window.bench.writes(count), n)
}

function writesAtOnce(tab: Page): Promise<number[]> {
  return tab.evaluate(() => window.bench.writesAtOnce(3, 1000))
}

async function notifications(from: Page, to: Page): Promise<number[]> {
  await to.evaluate(() => window.bench.listen())
  const made = await from.evaluate((n) => window.bench.datedWrites(n), WRITES)
  const heard = new Map(
    (await to.evaluate(() => window.bench.heard())).map(({ version, at }) => [version, at]),
  )
  return made.flatMap(({ version, at }) => {
    const then = heard.get(version)
    return then === undefined ? [] : [then - at]
  })
}
