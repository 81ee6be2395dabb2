import type { Stage } from '../stage.ts'

/** Of `/s` more is better, of all others less. */
export type Unit = 'ms' | '/s' | 'kB' | 'MB' | '×'

/** What one visit found. */
export interface Report {
  /** Values of one figure: the same name in each visit, whoever is visited. */
  samples(figure: string, values: readonly number[], unit?: Unit): void
  /** The same, as a point of a series: `x` names what was varied, and how far. */
  point(series: string, x: string, values: readonly number[], unit?: Unit): void
  /** Something that a number does not say: an error, a lost row. */
  note(text: string): void
}

/** A row of the table: how a peer is measured once. A run visits all peers in turns, again and again. */
export interface Measure {
  readonly number: number
  readonly title: string
  /** Whether it takes a database of tunes: the same one for each visit, or another that it may leave as it likes. */
  readonly tunes?: 'kept' | 'new'
  /** Nothing of it can be measured in one tab. */
  readonly several?: true
  /** One visit tells all: each costs much, or is always the same. */
  readonly once?: true
  /** Measured in Firefox as well. */
  readonly inFirefox?: true
  /** After so many ms a visit counts as hanging. */
  readonly bound: number
  /** @param name of the database of tunes, where it takes one */
  visit(stage: Stage, report: Report, name: string): Promise<void>
}

/** Does the second tab's part where the peer has one. */
export const SECOND = 'second tab'
export const FIRST = 'first tab'
/** How many writes failed or were lost. A row that is written twice fails, for its id is taken. */
export const WRONG = 'errors and lost rows'
