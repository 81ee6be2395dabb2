import { createPrng, type Prng } from '../../src/platform/simulated.ts'
import { type CallKind, ORDINARY_CALLS, planCalls, RARE_CALLS } from '../history/planned-calls.ts'
import { drawFaults, FAULT_KINDS, type FaultKind } from './chaos.ts'
import type { DiskFaultScript, Script, TabScript } from './script.ts'

/** Each as often as it stands here. */
const STORAGES: readonly Script['storage'][] = [
  ...Array<'opfs'>(7).fill('opfs'),
  'indexeddb',
  'indexeddb',
  'memory',
]
/** In memory a database ends with the last tab that has all of it. */
const FATAL_TO_MEMORY: readonly FaultKind[] = ['kill', 'cache', 'cache without locks']
/** Hidden tabs hand over after 30 s (R7). */
const LONG_HIDE = 35_000

/**
 * Draws from a seed what its run is like. Each seed leaves out a part of the faults and of the calls, at
 * random, and has rates of its own: runs that do a few things much find what runs that do everything a
 * little do not (swarm testing; Groce et al., ISSTA 2012). Most runs are short, and a few long.
 */
export function drawScript(seed: number): Script {
  const prng = createPrng(seed)
  const storage = prng.pick(STORAGES)
  const size = prng.pick([...Array<'short'>(10).fill('short'), 'middle', 'middle', 'long'] as const)
  const length = { short: 600, middle: 1500, long: 3000 }[size]
  const tabs = drawTabs(prng, { short: 4, middle: 8, long: 14 }[size], length)
  const calm = prng.chance(0.1)
  const every = 20 + prng.number() * 400
  const faults = calm
    ? []
    : drawFaults(prng, {
        kinds: some(prng, FAULT_KINDS, 0.5).filter(
          (kind) => storage !== 'memory' || !FATAL_TO_MEMORY.includes(kind),
        ),
        tabs: tabs.map(({ name }) => name),
        every: [every / 2, every],
        until: length,
        pause: [20, prng.pick([200, 1000, 2500, 5000])],
      })
  const patient = prng.chance(0.05)
  return {
    seed,
    timing: {
      latency: [0.05, prng.pick([1, 8, 40])],
      portLatency: [0.02, prng.pick([1, 2, 20])],
      lockLatency: [0.05, prng.pick([1, 6, 60])],
      lateRelease: [1, prng.pick([20, 150, 600])],
      timerLateness: [0, prng.pick([1, 5, 100])],
    },
    storage,
    tabs,
    faults: patient
      ? faults.map((fault) => (fault.kind === 'hide' ? { ...fault, ms: LONG_HIDE } : fault))
      : faults,
    diskFaults: storage !== 'memory' && prng.chance(0.25) ? drawDiskFaults(prng, length) : [],
    quota:
      storage === 'opfs' && prng.chance(0.1)
        ? { at: prng.below(length), room: Math.floor(prng.number() ** 3 * 100_000) }
        : undefined,
    length,
    rest: patient ? LONG_HIDE + 3000 : 1500,
    ending:
      storage === 'memory' ? 'quiet' : prng.pick(['quiet', 'quiet', 'browser killed', 'power cut'] as const),
    backup: storage !== 'memory' && prng.chance(0.2),
  }
}

function drawTabs(prng: Prng, mostCalls: number, length: number): TabScript[] {
  const count = prng.pick([1, 2, 2, 3, 3, 4, 5])
  const relaxed = prng.pick([0, 0, 0.5, 1])
  const never = prng.pick([0, 0, 0, 0.5, 1])
  const late = prng.chance(0.2)
  const kinds: CallKind[] = [
    ...some(prng, ORDINARY_CALLS, 0.7),
    ...(prng.chance(0.6) ? some(prng, RARE_CALLS, 0.25) : []),
  ]
  if (kinds.length === 0) kinds.push('append')
  return Array.from({ length: count }, (_, i) => ({
    name: 'ABCDE'.charAt(i),
    opensAt: Math.round(prng.number() * (late ? length : 60)),
    replica: prng.chance(never) ? 'never' : 'auto',
    durability: prng.chance(relaxed) ? 'relaxed' : 'full',
    lives: [1, 2, 3].map(() => planCalls(prng, 1 + prng.below(mostCalls), kinds)),
  }))
}

function drawDiskFaults(prng: Prng, length: number): DiskFaultScript[] {
  return Array.from({ length: prng.pick([1, 1, 2, 3]) }, () => ({
    at: prng.chance(0.3) ? 0 : prng.below(length),
    operation: 1 + Math.floor(prng.number() ** 3 * 60),
    fault: prng.pick(['throw', 'full', 'short', 'absurd'] as const),
    lasting: prng.chance(0.2),
  }))
}

/** Some of the items, each with its chance. */
function some<T>(prng: Prng, items: readonly T[], chance: number): T[] {
  return items.filter(() => prng.chance(chance))
}
