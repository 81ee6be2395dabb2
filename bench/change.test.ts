import { expect, test } from 'vitest'
import { changeOf } from './change.ts'
import { createDraw } from './draw.ts'
import { shareTold } from './told.ts'

/** As many as a run of three minutes makes where nothing else runs, at the least. */
const ROUNDS = 12
/** As many as `bench:quick` compares. */
const FIGURES = 10
const RUNS = 400

/** What rounds are like: how far they scatter, how far a whole run lies off, how many something else disturbs. */
interface Spread {
  readonly rounds: number
  readonly run: number
  readonly disturbed: number
}

const quiet: Spread = { rounds: 0.06, run: 0.01, disturbed: 0.05 }
const busy: Spread = { rounds: 0.4, run: 0.01, disturbed: 0.3 }

const draw = createDraw(7)

/** By Box and Muller. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
}

/** Rounds of one figure of one run; what disturbs a round makes it up to twice as slow. */
function madeUp(times: number, { rounds, run, disturbed }: Spread): number[] {
  const off = run * normal()
  return Array.from({ length: ROUNDS }, () => {
    const more = draw() < disturbed ? 1 + draw() : 1
    return times * more * Math.exp(off + rounds * normal())
  })
}

function share(of: number, holds: () => boolean): number {
  let times = 0
  for (let run = 0; run < of; run++) if (holds()) times += 1
  return times / of
}

const verdictOn = (times: number, spread: Spread): string =>
  changeOf(madeUp(1, spread), madeUp(times, spread)).verdict

test('a figure that is a fifth slower is told in 19 of 20 runs', () => {
  expect(share(RUNS, () => verdictOn(1.2, quiet) === 'slower')).toBeGreaterThan(0.95)
  expect(share(RUNS, () => verdictOn(1 / 1.2, quiet) === 'faster')).toBeGreaterThan(0.95)
})

test('where nothing changed, not one of all figures is told in 19 of 20 runs', () => {
  const anyTold = (): boolean =>
    Array.from({ length: FIGURES }, () => verdictOn(1, quiet)).some((verdict) => verdict === 'slower')
  expect(share(RUNS, anyTold)).toBeLessThan(0.05)
  expect(share(RUNS, () => verdictOn(1, quiet) === 'same')).toBeGreaterThan(0.95)
})

test('where a fifth could hide, it is not called the same', () => {
  expect(share(RUNS, () => verdictOn(1.2, busy) === 'same')).toBeLessThan(0.05)
  expect(share(RUNS, () => verdictOn(1, busy) === 'unclear')).toBeGreaterThan(0.8)
})

test('three rounds can tell nothing', () => {
  const { low, high, verdict } = changeOf([1, 1.01, 1.02], [1.5, 1.51, 1.52])
  expect([low, high, verdict]).toEqual([0, Number.POSITIVE_INFINITY, 'unclear'])
})

test('a baseline says itself what it is worth', () => {
  expect(shareTold(madeUp(1, quiet), 1.2)).toBeGreaterThan(0.9)
  expect(shareTold(madeUp(1, quiet), 1)).toBeLessThan(0.01)
  expect(shareTold(madeUp(1, busy), 1.2)).toBeLessThan(0.5)
})
