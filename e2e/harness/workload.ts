import type { Page } from 'playwright-core'

export { MIGRATIONS as workloadTables } from '../../packages/tutti/test/history/workload.ts'

/** Set `TUTTI_SEED` to have other calls made than in the run before. */
const seed = Number(process.env['TUTTI_SEED'] ?? 1)
let started = 0

/** Starts random calls in each tab, under a name that no other page's life has. */
export async function startWorkloads(tabs: readonly Page[]): Promise<void> {
  for (const tab of tabs) {
    const number = ++started
    await tab.evaluate((given) => window.startWorkload(given.name, given.seed), {
      name: `t${number}`,
      seed: seed * 100_000 + number,
    })
  }
}

/** Waits until each tab has been answered so many more writes. */
export async function goOn(tabs: readonly Page[], more = 20): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.evaluate((count) => window.workload?.goOn(count), more)))
}

/** Resolves when every call has ended: a call that hangs is one that this waits for. */
export async function stopWorkloads(tabs: readonly Page[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.evaluate(() => window.workload?.stop())))
}
