import { FIRST, SECOND } from './measures/measure.ts'
import { midmean } from './quantile.ts'
import type { Results } from './results.ts'

/** A figure of Tutti as a ratio to the floors of the same round: what the machine is like falls out of it. */
export interface QuickFigure {
  readonly name: string
  /** `NaN` where one of them is missing in that round. */
  ratio(round: number, results: Results): number
}

/** Floors, each by the measure in which it is taken: the one with the most to tell of it. */
const FLUSH = ['flush', 1] as const
const HOP = ['hop', 3] as const
const MANY_ROWS = ['hop', 4] as const
const START = ['hop', 7] as const

export const figures: readonly QuickFigure[] = [
  figure('write, first tab', 1, FIRST, FLUSH, HOP),
  figure('write, second tab', 1, SECOND, FLUSH, HOP),
  figure('point read, first tab', 3, FIRST, HOP),
  figure('point read, second tab', 3, SECOND, HOP),
  figure('1,000 rows, first tab', 4, FIRST, MANY_ROWS),
  figure('1,000 rows, second tab', 4, SECOND, MANY_ROWS),
  figure('write to callback', 6, 'from the call', FLUSH, HOP),
  figure('open, first tab', 7, FIRST, START),
  figure('open, second tab', 7, SECOND, START),
  figure('20,000 rows at once', 8, 'a row', MANY_ROWS),
]

/** @param floors whose first tabs are what it is compared with, together */
function figure(
  name: string,
  measure: number,
  of: string,
  ...floors: readonly (readonly [peer: string, measure: number])[]
): QuickFigure {
  return {
    name,
    ratio(round, results) {
      // With the rounds before and after: a floor varies by itself as much as what stands on it, and faster than the machine.
      const near = [round - 1, round, round + 1]
      const costs = floors.map(([peer, where]) =>
        midmean(near.flatMap((one) => results.ofRound(one, where, FIRST, peer))),
      )
      return (
        midmean(results.ofRound(round, measure, of, 'tutti')) / costs.reduce((sum, cost) => sum + cost, 0)
      )
    },
  }
}

/** Of every round that has it, in four digits. */
export function ratiosOf({ ratio }: QuickFigure, rounds: number, results: Results): number[] {
  return Array.from({ length: rounds }, (_, index) => ratio(index + 1, results))
    .filter((value) => !Number.isNaN(value))
    .map((value) => Number(value.toPrecision(4)))
}
