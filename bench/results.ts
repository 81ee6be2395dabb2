import type { Visit } from './line.ts'
import type { Unit } from './measures/measure.ts'

/** What one peer came to in one figure. */
export interface Result {
  readonly figure: string
  /** Where the figure is a series: which point of it. */
  readonly x: string | undefined
  readonly unit: Unit
  readonly peer: string
  /** Every value of all visits. */
  readonly samples: readonly number[]
}

/** What was noted of a peer, and in how many visits. */
export interface Noted {
  readonly peer: string
  readonly text: string
  readonly times: number
}

/** All that was found in one browser. */
export interface Results {
  /** In the order in which they came. */
  of(measure: number): readonly Result[]
  /** Every value of all visits; empty where there is none. */
  samples(measure: number, figure: string, peer: string, x?: string): readonly number[]
  /** Those of one round. */
  ofRound(round: number, measure: number, figure: string, peer: string): readonly number[]
  /** What was noted, each once. */
  notes(measure: number): readonly Noted[]
}

/** @param visits of one browser */
export function resultsOf(visits: readonly Visit[]): Results {
  const foundIn = (of: readonly Visit[], measure: number) =>
    of
      .filter((visit) => visit.measure === measure)
      .flatMap(({ peer, found }) => found.map((one) => ({ ...one, peer })))
  const valuesIn = (of: readonly Visit[], measure: number, figure: string, peer: string, x?: string) =>
    foundIn(of, measure)
      .filter((one) => one.figure === figure && one.peer === peer && one.x === x)
      .flatMap(({ values }) => values)
  return {
    of(measure) {
      const results = new Map<string, Result & { samples: number[] }>()
      for (const { figure, x, unit, peer, values } of foundIn(visits, measure)) {
        const key = JSON.stringify([figure, x, peer])
        const result = results.get(key) ?? { figure, x, unit, peer, samples: [] }
        result.samples.push(...values)
        results.set(key, result)
      }
      return [...results.values()]
    },
    samples: (measure, figure, peer, x) => valuesIn(visits, measure, figure, peer, x),
    ofRound: (round, measure, figure, peer) =>
      valuesIn(
        visits.filter((visit) => visit.round === round),
        measure,
        figure,
        peer,
      ),
    notes(measure) {
      const times = new Map<string, Noted>()
      for (const visit of visits.filter((one) => one.measure === measure)) {
        for (const text of visit.notes) {
          const key = JSON.stringify([visit.peer, text])
          times.set(key, { peer: visit.peer, text, times: (times.get(key)?.times ?? 0) + 1 })
        }
      }
      return [...times.values()]
    },
  }
}
