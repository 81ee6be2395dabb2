import { median } from './quantile.ts'

/** How a figure changed from some rounds to others. */
export interface Change {
  readonly before: number
  readonly now: number
  /** 1.2 is a fifth slower. */
  readonly change: number
  /** Between these it lies, in 19 of 20 such comparisons. */
  readonly low: number
  readonly high: number
  /** `unclear`: neither the same nor slower, for the rounds vary too much. */
  readonly verdict: 'same' | 'slower' | 'faster' | 'unclear'
}

/** What is looked for is a regression of 20 %; so much of it must be seen. */
const SLOWER = 1.12
/** Of a normal distribution 95 % lie within so many standard deviations. */
const Z = 1.96

/**
 * Compares each round with each: the middle of all ratios is the change (Hodges and Lehmann 1963), and how far from
 * the middle it may lie is told by their ranks (Mann and Whitney 1947). A few rounds that something disturbed do not
 * move it far.
 */
export function changeOf(before: readonly number[], now: readonly number[]): Change {
  const ratios = now.flatMap((later) => before.map((earlier) => later / earlier)).sort((a, b) => a - b)
  const off = Z * Math.sqrt((ratios.length * (before.length + now.length + 1)) / 12)
  const outside = Math.floor(ratios.length / 2 - off) - 1
  const change = median(ratios)
  // Where even the outermost are not far enough out, nothing bounds it.
  const low = outside < 0 ? 0 : (ratios[outside] ?? Number.NaN)
  const high = outside < 0 ? Number.POSITIVE_INFINITY : (ratios.at(-1 - outside) ?? Number.NaN)
  return {
    before: median(before),
    now: median(now),
    change,
    low,
    high,
    verdict: verdictOf(change, low, high),
  }
}

/**
 * Slower is what is seen to be clearly more than before, and certainly more. Where even a fifth more could hide
 * in what varies by itself, nothing can be said.
 */
function verdictOf(change: number, low: number, high: number): Change['verdict'] {
  if (change >= SLOWER && low > 1) return 'slower'
  if (change <= 1 / SLOWER && high < 1) return 'faster'
  return high < 1.2 ? 'same' : 'unclear'
}
