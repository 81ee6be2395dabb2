import type { SimulatedTab, Simulation } from '../../src/platform/simulated.ts'

/** Where a run is struck, counted and not timed, for a test to try every moment that there is. */
export type Moment =
  /** The disk takes nothing any more from its `n`-th operation on, and the run ends there. */
  | { readonly kind: 'operation'; readonly n: number }
  /** When the `n`-th message has arrived, the primary dies: its worker alone, or its tab. */
  | { readonly kind: 'message'; readonly n: number; readonly dies: 'worker' | 'tab' }

/** No run takes longer, ms. */
const LIMIT = 60_000

/** Lets the world go on up to the moment; false where everything was `over` before. */
export async function reach(world: Simulation, { kind, n }: Moment, over: () => boolean): Promise<boolean> {
  if (kind === 'operation') {
    const { faults } = world.disk
    const last = faults.operations + n
    faults.failAt(n, 'throw', { lasting: true })
    await world.run({ until: () => faults.operations >= last || over(), maxTime: LIMIT })
    return faults.operations >= last
  }
  let messages = 0
  while (messages < n && !over() && world.now < LIMIT && (await world.step())) {
    if (world.trace.entries.at(-1)?.what.includes(' from ') === true) messages++
  }
  return messages === n
}

/** The tab in which a primary runs, if there is one, loses its worker; the tab is returned. */
export function killPrimary(world: Simulation): SimulatedTab | undefined {
  for (const tab of world.tabs) {
    const primary = tab.contexts.find(({ role }) => role === 'primary')
    if (primary === undefined) continue
    primary.kill()
    return tab
  }
  return undefined
}
