import type { Measure, Unit } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'

/** What one peer came to in one figure. */
export interface Result {
  readonly figure: string
  readonly unit: Unit
  readonly peer: Peer
  /** One list for each visit. */
  readonly visits: readonly (readonly number[])[]
}

/** All that a run found. */
export interface Results {
  add(measure: Measure, peer: Peer, figure: string, unit: Unit, values: readonly number[]): void
  note(measure: Measure, peer: Peer, text: string): void
  /** In the order in which they came. */
  of(measure: Measure): readonly Result[]
  /** Every value of all visits; empty where there is none. */
  samples(measure: number, figure: string, peer: string): readonly number[]
  /** What was noted, each once, with how often. */
  notes(measure: Measure): readonly { readonly peer: Peer; readonly text: string; readonly times: number }[]
}

export function createResults(): Results {
  const found: { measure: Measure; figure: string; unit: Unit; peer: Peer; visits: (readonly number[])[] }[] =
    []
  const noted: { measure: Measure; peer: Peer; text: string; times: number }[] = []
  return {
    add(measure, peer, figure, unit, values) {
      const known = found.find(
        (result) => result.measure === measure && result.figure === figure && result.peer === peer,
      )
      if (known === undefined) found.push({ measure, figure, unit, peer, visits: [values] })
      else known.visits.push(values)
    },
    note(measure, peer, text) {
      const known = noted.find((note) => note.measure === measure && note.peer === peer && note.text === text)
      if (known === undefined) noted.push({ measure, peer, text, times: 1 })
      else known.times += 1
    },
    of: (measure) => found.filter((result) => result.measure === measure),
    samples(number, figure, name) {
      const result = found.find(
        ({ measure, figure: known, peer }) =>
          measure.number === number && known === figure && peer.name === name,
      )
      return result?.visits.flat() ?? []
    },
    notes: (measure) => noted.filter((note) => note.measure === measure),
  }
}
