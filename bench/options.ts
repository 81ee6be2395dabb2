import { parseArgs } from 'node:util'
import type { BrowserName } from './line.ts'
import { measureNumbered, measures } from './measures/list.ts'
import type { Measure } from './measures/measure.ts'
import { type Peer, peerNamed, peers } from './peers/list.ts'

/** What a run was asked to do. */
export interface BenchOptions {
  readonly peers: readonly Peer[]
  readonly measures: readonly Measure[]
  readonly browsers: readonly BrowserName[]
  /** Nothing where it was not said. */
  readonly rounds: number | undefined
  /** After so many ms no visit is begun; the rest is for another piece. */
  readonly lasts: number
  /** Goes on with the newest run of everything. */
  readonly continues: boolean
  /** Tutti against its own baseline. */
  readonly quick: boolean
  /** Makes what `--quick` finds the new baseline. */
  readonly keep: boolean
  /** Everything: what comes out becomes RESULTS.md. */
  readonly whole: boolean
}

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']
const CHOICES = ['peers', 'measures', 'browsers'] as const

/** @throws where a peer, a measure or an option is not known */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peers: { type: 'string' },
      measures: { type: 'string' },
      browsers: { type: 'string' },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      continue: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const whole = !values.verify && CHOICES.every((choice) => values[choice] === undefined)
  if (values.continue && !whole) throw new Error('--continue goes on with a run of everything')
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes)
  if (!(minutes >= 0)) throw new Error('--minutes takes a number')
  return {
    peers: values.peers === undefined ? peers : values.peers.split(',').map(peerNamed),
    measures: chosenMeasures(values.measures, values.verify),
    browsers: values.browsers?.split(',').map(browserNamed) ?? (whole ? BROWSERS : ['chromium']),
    rounds: readRounds(values.rounds),
    lasts: minutes * 60_000,
    continues: values.continue,
    quick: values.quick,
    keep: values.keep,
    whole,
  }
}

/** To verify is to measure nothing. */
function chosenMeasures(numbers: string | undefined, verify: boolean): readonly Measure[] {
  if (verify) return []
  return numbers === undefined
    ? measures
    : numbers.split(',').map((number) => measureNumbered(Number(number)))
}

function readRounds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const rounds = Number(text)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number, 1 or more')
  return rounds
}

function browserNamed(name: string): BrowserName {
  const browser = BROWSERS.find((known) => known === name)
  if (browser === undefined) throw new Error(`no browser '${name}'; there are ${BROWSERS.join(', ')}`)
  return browser
}
