import type { Unit } from './measures/measure.ts'
import type { Verified } from './verify.ts'

/** Which browser was measured. */
export type BrowserName = 'chromium' | 'firefox'

/** What a run is to do, whole or in pieces. */
export interface Plan {
  readonly kind: 'plan'
  /** Names, in the order of the tables. */
  readonly peers: readonly string[]
  readonly measures: readonly number[]
  readonly browsers: readonly BrowserName[]
  readonly rounds: number
  /** Everything: what comes out becomes RESULTS.md. */
  readonly whole: boolean
  /** Hash of what the browsers load: samples of two builds are no one run. */
  readonly build: string
}

/** Somebody began, or went on with, a run. */
export interface Piece {
  readonly kind: 'piece'
  readonly command: string
  /** By the wall clock, ISO 8601. */
  readonly started: string
  readonly machine: string
  /** How busy the machine was before anything was started: the load of one minute. */
  readonly load: number
}

/** A browser that took part. */
export interface Started {
  readonly kind: 'browser'
  readonly browser: BrowserName
  readonly version: string
}

/** What a peer was seen to do in a browser. */
export interface Verification {
  readonly kind: 'verified'
  readonly browser: BrowserName
  readonly peer: string
  readonly verified: Verified
}

/** Values of one figure. */
export interface Found {
  readonly figure: string
  /** Where the figure is a series: which point of it. */
  readonly x?: string
  readonly unit: Unit
  readonly values: readonly number[]
}

/** One peer, measured once. */
export interface Visit {
  readonly kind: 'visit'
  readonly browser: BrowserName
  readonly measure: number
  readonly round: number
  readonly peer: string
  readonly found: readonly Found[]
  readonly notes: readonly string[]
  /** There is to be no other of this peer in this measure. */
  readonly hangs: boolean
  readonly seconds: number
  /** The load of the last minute when it ended, its own included. */
  readonly load: number
}

/** One line of a run's file: all that is known of the run stands there as soon as it is known. */
export type Line = Plan | Piece | Started | Verification | Visit
