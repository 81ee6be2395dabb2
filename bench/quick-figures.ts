import { FIRST, SECOND } from './measures/measure.ts'
import { median } from './quantile.ts'
import type { Results } from './results.ts'

/** A figure of Tutti as a ratio to the floors of the same round: what the machine is like falls out of it. */
export interface QuickFigure {
  readonly name: string
  /** `NaN` where one of them is missing in that round. */
  ratio(round: number, results: Results): number
}

export const figures: readonly QuickFigure[] = [
  figure('write, first tab', 1, FIRST, ['flush', 'hop'], 1),
  figure('write, second tab', 1, SECOND, ['flush', 'hop'], 1),
  figure('point read, first tab', 3, FIRST, ['hop'], 3),
  figure('point read, second tab', 3, SECOND, ['hop'], 3),
  figure('1,000 rows, first tab', 4, FIRST, ['hop'], 4),
  figure('1,000 rows, second tab', 4, SECOND, ['hop'], 4),
  figure('write to callback', 6, 'from the call', ['flush', 'hop'], 1),
  figure('open, first tab', 7, FIRST, ['hop'], 7),
  figure('open, second tab', 7, SECOND, ['hop'], 7),
  figure('20,000 rows at once', 8, 'a row', ['hop'], 4),
]

/** @param floor the measure in which the floors' first tabs are what it is compared with */
function figure(name: string, measure: number, of: string, floors: string[], floor: number): QuickFigure {
  return {
    name,
    ratio(round, results) {
      const costs = floors.map((peer) => median(results.ofRound(round, floor, FIRST, peer)))
      return median(results.ofRound(round, measure, of, 'tutti')) / costs.reduce((sum, cost) => sum + cost, 0)
    },
  }
}

/** Of every round that has it, to four digits behind the point. */
export function ratiosOf({ ratio }: QuickFigure, rounds: number, results: Results): number[] {
  return Array.from({ length: rounds }, (_, index) => ratio(index + 1, results))
    .filter((value) => !Number.isNaN(value))
    .map((value) => Math.round(value * 10_000) / 10_000)
}
