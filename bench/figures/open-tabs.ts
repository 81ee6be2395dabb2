import type { Figure } from '../figure.ts'
import type { House } from '../house.ts'

const OPENS = 5
const BOOTSTRAPS = 3
/** Of about 2,000 bytes, and an index: a database of 20 MB. */
const ROWS = 9_300

/** Each open in a tab of its own, from the call to the open database; workers and wasm included. */
export async function openTabs({ newTab, openTab }: House): Promise<Figure[]> {
  const creating: number[] = []
  const joining: number[] = []
  const reopening: number[] = []
  for (let i = 0; i < OPENS; i++) {
    const settings = { user: `open-${i}` }
    const first = await newTab()
    creating.push(await first.evaluate((given) => window.bench.open(given), settings))
    const second = await newTab()
    joining.push(await second.evaluate((given) => window.bench.open(given), settings))
    await second.close()
    await first.close()
    const third = await newTab()
    reopening.push(await third.evaluate((given) => window.bench.open(given), settings))
    await third.close()
  }

  const settings = { user: 'large' }
  const primary = await openTab(settings)
  await primary.evaluate((rows) => window.bench.fill(rows), ROWS)
  const bootstrapping: number[] = []
  for (let i = 0; i < BOOTSTRAPS; i++) {
    const tab = await newTab()
    const opened = await tab.evaluate((given) => window.bench.open(given), settings)
    bootstrapping.push(opened + (await tab.evaluate(() => window.bench.replicaReady())))
    await tab.close()
  }
  await primary.close()
  return [
    { name: 'open, first tab, creating', samples: creating },
    { name: 'open, first tab, existing', samples: reopening },
    { name: 'open, second tab', samples: joining },
    { name: 'open, second tab, until its replica of 20 MB is ready', samples: bootstrapping },
  ]
}
