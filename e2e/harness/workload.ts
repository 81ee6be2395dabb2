import type { Bounds } from '../fixture/workload.ts'
import type { Scripted } from './scripted.ts'

export { MIGRATIONS as workloadTables } from '../../packages/tutti/test/history/workload.ts'

/** Those of the library: a transaction of a tab that is stopped ends by them, and others wait for it until then. */
export const libraryBounds: Bounds = { timeout: 5000, idle: 1000 }

/** Set `TUTTI_SEED` to have other calls made than in the run before. */
const seed = Number(process.env['TUTTI_SEED'] ?? 1)
let started = 0

/**
 * Starts random calls in each tab, under a name that no other page's life has.
 *
 * @param bounds of its transactions; unless told, they wait for a tab that is stopped
 */
export async function startWorkloads(tabs: readonly Scripted[], bounds?: Bounds): Promise<void> {
  for (const tab of tabs) {
    const number = ++started
    await tab.evaluate((given) => window.startWorkload(given.name, given.seed, given.bounds), {
      name: `t${number}`,
      seed: seed * 100_000 + number,
      bounds,
    })
  }
}

/** Waits until each tab has been answered so many more writes. */
export async function goOn(tabs: readonly Scripted[], more = 20): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.evaluate((count) => window.workload?.goOn(count), more)))
}

/** Waits until a tab, which may be one that cannot write, has been answered so many more reads. */
export async function readOn(tab: Scripted, more = 20): Promise<void> {
  await tab.evaluate((count) => window.workload?.goOn(count, 'read'), more)
}

/** Resolves when every call has ended: a call that hangs is one that this waits for. */
export async function stopWorkloads(tabs: readonly Scripted[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.evaluate(() => window.workload?.stop())))
}
