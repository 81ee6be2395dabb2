import { setTimeout as after } from 'node:timers/promises'
import type { Prng } from '../../packages/tutti/src/platform/simulated/prng.ts'
import { saveArtifacts } from '../harness/artifacts.ts'
import { expectInvariants } from '../harness/invariants.ts'
import type { Site } from '../harness/serve.ts'
import { goOn, workloadTables } from '../harness/workload.ts'
import { soakFaults } from './soak-faults.ts'
import type { SoakSummary } from './soak-summary.ts'
import { SoakTabs } from './soak-tabs.ts'

/** How long a round causes faults, ms: long enough for them to meet, short enough for its history to be read. */
const ROUND = 30_000
/** Between two faults, ms. */
const GAP = 1500

export interface SoakRound {
  readonly site: Site
  readonly title: string
  readonly prng: Prng
  readonly summary: SoakSummary
}

/**
 * A browser with five working tabs, to which random faults happen; then invariants I1 to I8 are checked.
 *
 * @throws where one of them is broken: the history is kept among the artifacts
 */
export async function runSoakRound({ site, title, prng, summary }: SoakRound): Promise<void> {
  const rung = prng.pick(['opfs', 'opfs', 'indexeddb'] as const)
  const replica = prng.pick(['auto', 'auto', 'auto', 'never'] as const)
  const tabs = await SoakTabs.open(site, rung, { user: 'u-soak', migrations: workloadTables, replica })
  const undone: Promise<void>[] = []
  const later = (ms: number, undo: () => void | Promise<void>): void => {
    undone.push(after(ms).then(undo))
  }
  try {
    const end = performance.now() + ROUND
    while (performance.now() < end) {
      await after(prng.number() * GAP)
      const name = prng.pick(Object.keys(soakFaults))
      tabs.browser.note(`fault ${name}`)
      if ((await soakFaults[name]?.({ tabs, prng, later })) === true) summary.fault(name)
    }
    await Promise.all(undone)
    // I5 again: whatever happened, everyone is served in the end.
    await goOn(tabs.living, 5)
    summary.judged(rung, await expectInvariants(tabs.browser, tabs.living))
  } catch (error) {
    await Promise.allSettled(undone)
    console.error(`artifacts: ${await saveArtifacts(tabs.browser, title)}`)
    throw error
  } finally {
    await tabs.browser.close()
  }
}
