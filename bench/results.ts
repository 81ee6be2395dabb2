import type { Measure, Unit } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'

/** What one peer came to in one figure. */
export interface Result {
  readonly figure: string
  /** Where the figure is a series: which point of it. */
  readonly x: string | undefined
  readonly unit: Unit
  readonly peer: Peer
  /** One list for each visit. */
  readonly visits: readonly (readonly number[])[]
}

/** All that a run found. */
export interface Results {
  add(measure: Measure, value: Omit<Result, 'visits'>, values: readonly number[]): void
  note(measure: Measure, peer: Peer, text: string): void
  /** In the order in which they came. */
  of(measure: Measure): readonly Result[]
  /** Every value of all visits; empty where there is none. */
  samples(measure: number, figure: string, peer: string, x?: string): readonly number[]
  /** The same, a list for each visit. */
  visits(measure: number, figure: string, peer: string): readonly (readonly number[])[]
  /** What was noted, each once, with how often. */
  notes(measure: Measure): readonly { readonly peer: Peer; readonly text: string; readonly times: number }[]
}

export function createResults(): Results {
  const found: (Result & { measure: Measure; visits: (readonly number[])[] })[] = []
  const noted: { measure: Measure; peer: Peer; text: string; times: number }[] = []
  const visitsOf = (
    number: number,
    figure: string,
    name: string,
    x: string | undefined,
  ): readonly (readonly number[])[] =>
    found.find(
      (result) =>
        result.measure.number === number &&
        result.figure === figure &&
        result.x === x &&
        result.peer.name === name,
    )?.visits ?? []
  return {
    add(measure, value, values) {
      const known = found.find(
        (result) =>
          result.measure === measure &&
          result.figure === value.figure &&
          result.x === value.x &&
          result.peer === value.peer,
      )
      if (known === undefined) found.push({ ...value, measure, visits: [values] })
      else known.visits.push(values)
    },
    note(measure, peer, text) {
      const known = noted.find((note) => note.measure === measure && note.peer === peer && note.text === text)
      if (known === undefined) noted.push({ measure, peer, text, times: 1 })
      else known.times += 1
    },
    of: (measure) => found.filter((result) => result.measure === measure),
    samples: (measure, figure, peer, x) => visitsOf(measure, figure, peer, x).flat(),
    visits: (measure, figure, peer) => visitsOf(measure, figure, peer, undefined),
    notes: (measure) => noted.filter((note) => note.measure === measure),
  }
}
