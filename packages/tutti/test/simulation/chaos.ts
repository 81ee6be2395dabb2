import type { Range, SimulatedTab, Simulation } from '../../src/platform/simulated.ts'

export interface ChaosOptions {
  /** From one fault to the next, ms. */
  readonly every: Range
  /** Tabs that may be hit; asked anew each time, so that it may grow and shrink. */
  readonly tabs: () => readonly SimulatedTab[]
  /** Called after a tab died of it: time to open another one. */
  readonly killed?: (tab: SimulatedTab) => void
  /** Contexts of this role also die alone, as a primary worker that crashes does. */
  readonly fragile?: string
  /** Faults that do not happen in this run. */
  readonly spare?: readonly string[]
  /** How long a tab stays frozen or cached, ms. */
  readonly pause?: Range
  /** Tells a page that it goes away or is back, where the browser would. */
  readonly tell?: (tab: SimulatedTab, state: 'suspended' | 'resumed') => void
  /** How far the wall clock jumps at most, ms, in either direction. */
  readonly jump?: number
}

/** Lets accidents happen to tabs, at times and in an order that the world's seed decides. Returns what ends it. */
export function startChaos(world: Simulation, options: ChaosOptions): () => void {
  const {
    tabs,
    killed,
    fragile,
    every,
    spare = [],
    tell = () => undefined,
    pause = [50, 3000],
    jump = 10_000,
  } = options
  const { prng } = world
  let on = true

  const later = (what: string, delay: number, run: () => void) =>
    world.schedule({ due: world.now + delay, context: null, what, run })

  const away = (manner: 'freeze' | 'suspend' | 'webkit') => (tab: SimulatedTab) => {
    // A page is told when it is cached, and when the browser freezes it; not when its process is stopped.
    const told = manner !== 'freeze' || prng.number() < 0.5
    if (told) tell(tab, 'suspended')
    if (manner === 'freeze') tab.freeze()
    else tab.suspend({ dropLocks: manner === 'webkit' })
    later(`${tab.name} returns`, prng.delay(pause), () => {
      tab.resume()
      if (told && tab.alive) tell(tab, 'resumed')
    })
  }
  const faults: Record<string, (tab: SimulatedTab) => void> = {
    kill: (tab) => {
      tab.kill()
      killed?.(tab)
    },
    freeze: away('freeze'),
    cache: away('suspend'),
    'cache without locks': away('webkit'),
    slow: (tab) => {
      tab.slow(20)
      later(`${tab.name} is quick again`, prng.delay(pause), () => tab.slow(0))
    },
    hide: (tab) => {
      tab.throttle(true)
      later(`${tab.name} is shown again`, prng.delay(pause), () => tab.throttle(false))
    },
    'clock jump': () => world.jumpWallClock(Math.round((prng.number() - 0.5) * 2 * jump)),
  }
  if (fragile !== undefined) {
    faults[`kill ${fragile}`] = (tab) => {
      for (const context of tab.contexts) if (context.role === fragile) context.kill()
    }
  }

  for (const name of spare) delete faults[name]

  const strike = () => {
    if (!on) return
    const targets = tabs().filter((tab) => tab.alive)
    if (targets.length > 0) {
      const fault = prng.pick(Object.keys(faults))
      const tab = prng.pick(targets)
      world.trace.add(world.now, 'chaos', `${fault} ${tab.name}`)
      faults[fault]?.(tab)
    }
    later('chaos', prng.delay(every), strike)
  }
  later('chaos', prng.delay(every), strike)
  return () => {
    on = false
  }
}
