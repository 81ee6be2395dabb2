/** A range in milliseconds, from the first to the second. */
export type Range = readonly [least: number, most: number]

/** Random numbers that a seed decides. */
export interface Prng {
  /** An unsigned 32-bit integer. */
  uint32(): number
  /** In [0, 1). */
  number(): number
  /** An integer in [0, limit). */
  below(limit: number): number
  /** True with probability `p`. */
  chance(p: number): boolean
  /** Within `range`, mostly near its start: how latencies look. */
  delay(range: Range): number
  pick<T>(items: readonly T[]): T
  /** Another generator, independent of how much is drawn from this one afterwards. */
  fork(): Prng
}

/**
 * A generator for `seed`. The algorithm is sfc32, "small fast counter", of Chris Doty-Humphrey's
 * PractRand test suite: 128 bits of state, of which one word counts and so rules out short cycles.
 */
export function createPrng(seed: number): Prng {
  let a = 0x9e3779b9
  let b = Math.floor(seed / 0x100000000) | 0
  let c = seed | 0
  let counter = 1

  const uint32 = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  // Seeds differ in a few bits only; a dozen rounds spread them over the whole state.
  for (let round = 0; round < 12; round++) uint32()

  const number = () => uint32() / 0x100000000
  const below = (limit: number) => Math.floor(number() * limit)
  return {
    uint32,
    number,
    below,
    chance: (p) => number() < p,
    delay: ([least, most]) => least + (most - least) * number() ** 3,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[below(items.length)] as T
    },
    fork: () => createPrng(uint32()),
  }
}
