import { createPrng, type Prng } from '../../src/platform/simulated/prng.ts'
import {
  bulk,
  dead,
  flush,
  impatient,
  insistent,
  type RareOptions,
  refused,
  sleepy,
  slow,
  undone,
} from './rare-calls.ts'
import { append, batch, burst, increment, named, read } from './workload.ts'

const ORDINARY = { read, append, batch, increment, named, burst }
const RARE = { slow, bulk, impatient, insistent, refused, undone, sleepy, dead, flush }
const CALLS = { ...ORDINARY, ...RARE }

export type CallKind = keyof typeof CALLS

/** The calls of an app that behaves; reads and appends are its daily bread. */
export const ORDINARY_CALLS = [
  'read',
  'append',
  ...(Object.keys(ORDINARY) as (keyof typeof ORDINARY)[]),
] satisfies CallKind[]

/** Calls that end otherwise than most, or trouble others. */
export const RARE_CALLS = Object.keys(RARE) as (keyof typeof RARE)[]

/** One call as it was drawn: data, so that a run can be told, played again and made smaller. */
export interface PlannedCall {
  readonly kind: CallKind
  /** Decides what the call draws for itself. */
  readonly seed: number
  /** Whether the next call is made only when this one has settled. */
  readonly wait: boolean
  /** ms from then to the next call. */
  readonly pause: number
}

/** Draws `count` calls of the given kinds; one that stands there twice is drawn twice as often. */
export function planCalls(prng: Prng, count: number, kinds: readonly CallKind[]): PlannedCall[] {
  return Array.from({ length: count }, () => ({
    kind: prng.pick(kinds),
    seed: prng.uint32(),
    wait: prng.chance(0.7),
    pause: prng.chance(0.5) ? Math.round(prng.number() * 120) : 0,
  }))
}

/** Makes the calls; resolves when all are settled. */
export async function playCalls(
  options: Omit<RareOptions, 'prng'>,
  calls: readonly PlannedCall[],
): Promise<void> {
  const running: Promise<void>[] = []
  for (const { kind, seed, wait, pause } of calls) {
    const settled = CALLS[kind]({ ...options, prng: createPrng(seed) })
    running.push(settled)
    if (wait) await settled
    if (pause > 0) await options.pause(pause)
  }
  await Promise.all(running)
}
