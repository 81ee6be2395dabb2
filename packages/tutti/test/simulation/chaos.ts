import type { Prng, Range, SimulatedTab, Simulation } from '../../src/platform/simulated.ts'
import type { Lifecycle } from '../../src/protocol/page-messages.ts'

/** What may happen to a tab, each with what it stands for. */
export const FAULTS = {
  kill: 'the tab closes or its renderer crashes, and is opened anew',
  'kill primary': 'the primary worker dies alone',
  rob: 'the primary lock is stolen, as nobody of the app would',
  stop: 'the process is stopped, and nobody tells the page',
  freeze: 'the browser freezes the tab, and tells its page',
  cache: 'into the back/forward cache and out again',
  'cache without locks': 'the same in WebKit, which drops the locks of such a page',
  slow: 'each of its events takes up to 20 ms',
  hide: 'the tab is hidden, and its timers are throttled',
  'clock jump': 'the wall clock is set forwards or back',
} as const

export type FaultKind = keyof typeof FAULTS

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]

/** One accident as it was drawn: data, so that a run can be told, played again and made smaller. */
export interface Fault {
  /** World time, ms. */
  readonly at: number
  readonly kind: FaultKind
  readonly tab: string
  /** How long it lasts, where it passes; for a clock jump how far it goes. In ms. */
  readonly ms: number
}

export interface ChaosOptions {
  /** A kind that stands here twice happens twice as often. */
  readonly kinds: readonly FaultKind[]
  readonly tabs: readonly string[]
  /** From one fault to the next, ms. */
  readonly every: Range
  /** No fault begins after this time, ms. */
  readonly until: number
  /** How long a tab stays frozen, hidden or slow, ms. */
  readonly pause: Range
  /** How far the wall clock jumps at most, ms, in either direction. */
  readonly jump?: number
}

export function drawFaults(prng: Prng, options: ChaosOptions): Fault[] {
  const { kinds, tabs, every, until, pause, jump = 10_000 } = options
  const faults: Fault[] = []
  if (kinds.length === 0) return faults
  for (let at = prng.delay(every); at < until; at += prng.delay(every)) {
    const kind = prng.pick(kinds)
    const ms = kind === 'clock jump' ? (prng.number() - 0.5) * 2 * jump : prng.delay(pause)
    faults.push({ at: Math.round(at), kind, tab: prng.pick(tabs), ms: Math.round(ms) })
  }
  return faults
}

export interface Witness {
  /** Steals the primary lock and gives it back. */
  readonly rob?: () => void
  /** A tab died of it: time to open it anew. */
  readonly killed?: (tab: SimulatedTab) => void
  /** Tells a page of its life, where the browser would. */
  readonly tell?: (tab: SimulatedTab, state: Lifecycle) => void
}

/** Lets the faults happen at their times, counted from now. One that meets a dead tab passes it by. */
export function causeFaults(world: Simulation, faults: readonly Fault[], witness: Witness = {}): void {
  const start = world.now
  const schedule = (due: number, what: string, run: () => void) =>
    world.schedule({ due, context: null, what, run })
  for (const fault of faults) {
    const tab = world.tab(fault.tab)
    schedule(start + fault.at, `${fault.kind} ${fault.tab}`, () => {
      if (!tab.alive && fault.kind !== 'clock jump') return
      const end = strike(world, tab, fault, witness)
      if (end !== undefined) schedule(world.now + fault.ms, `end of ${fault.kind} ${fault.tab}`, end)
    })
  }
}

/** Returns what undoes it, where it passes. */
function strike(
  world: Simulation,
  tab: SimulatedTab,
  { kind, ms }: Fault,
  { killed = () => undefined, rob = () => undefined, tell = () => undefined }: Witness,
): (() => void) | undefined {
  const back = (told: boolean) => () => {
    tab.resume()
    if (told && tab.alive) tell(tab, 'resumed')
  }
  switch (kind) {
    case 'kill':
      tab.kill()
      killed(tab)
      return undefined
    case 'kill primary':
      for (const context of tab.contexts) if (context.role === 'primary') context.kill()
      return undefined
    case 'rob':
      rob()
      return undefined
    case 'stop':
      tab.freeze()
      return back(false)
    case 'freeze':
      tell(tab, 'suspended')
      tab.freeze()
      return back(true)
    case 'cache':
    case 'cache without locks':
      tell(tab, 'suspended')
      tab.suspend({ dropLocks: kind === 'cache without locks' })
      return back(true)
    case 'slow':
      tab.slow(20)
      return () => tab.slow(0)
    case 'hide':
      tell(tab, 'hidden')
      tab.throttle(true)
      return () => {
        tab.throttle(false)
        if (tab.alive) tell(tab, 'visible')
      }
    case 'clock jump':
      world.jumpWallClock(ms)
      return undefined
    default:
      return kind satisfies never
  }
}
