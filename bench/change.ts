import { median } from './quantile.ts'

/** A figure over the rounds of a run: its median, and between what the median would lie in 19 of 20 such runs. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface Change {
  readonly before: number
  readonly now: number
  /** 1.2 is a fifth slower. */
  readonly change: number
  readonly low: number
  readonly high: number
  /** `unclear`: neither the same nor slower, for this run or the baseline varies too much. */
  readonly verdict: 'same' | 'slower' | 'faster' | 'unclear'
}

/** What is looked for is a regression of 20 %; so much of it must be seen. */
const SLOWER = 1.12
const RESAMPLES = 2000

/** By the bootstrap (Efron 1979): medians of rounds drawn from these rounds, with a fixed seed. */
export function spreadOf(rounds: readonly number[]): Spread {
  const there = rounds.filter((value) => !Number.isNaN(value))
  const draw = createDraw()
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(there.map(() => there[Math.floor(draw() * there.length)] ?? Number.NaN)),
  ).sort((a, b) => a - b)
  return {
    median: median(there),
    low: medians[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN,
    high: medians[Math.ceil(RESAMPLES * 0.975) - 1] ?? Number.NaN,
  }
}

/**
 * Slower is what is seen to be clearly more than before, and certainly more. Where even a fifth more could hide
 * in what varies by itself, nothing can be said.
 */
export function changeOf(before: Spread, now: Spread): Change {
  const change = now.median / before.median
  // Both vary, independently: as ratios, their spreads add up as squares of logarithms.
  const below = Math.hypot(Math.log(now.median / now.low), Math.log(before.high / before.median))
  const above = Math.hypot(Math.log(now.high / now.median), Math.log(before.median / before.low))
  const [low, high] = [change * Math.exp(-below), change * Math.exp(above)]
  return { before: before.median, now: now.median, change, low, high, verdict: verdictOf(change, low, high) }
}

function verdictOf(change: number, low: number, high: number): Change['verdict'] {
  if (change >= SLOWER && low > 1) return 'slower'
  if (change <= 1 / SLOWER && high < 1) return 'faster'
  return high < 1.2 ? 'same' : 'unclear'
}

/** Mulberry32: the same numbers in each run, so that the same rounds have the same spread. */
function createDraw(): () => number {
  let state = 42
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
