import { parseArgs } from 'node:util'
import { measures } from './measures/list.ts'
import type { Measure } from './measures/measure.ts'
import { type Peer, peerNamed, peers } from './peers/list.ts'

/** What a run was asked to do. */
export interface BenchOptions {
  readonly peers: readonly Peer[]
  readonly measures: readonly Measure[]
  readonly rounds: number
  /** Only whether every adapter does what it should, and what a write flushes. */
  readonly verify: boolean
  /** Tutti against its own baseline. */
  readonly quick: boolean
  /** Makes what `--quick` finds the new baseline. */
  readonly keep: boolean
  /** Everything: what comes out becomes RESULTS.md. */
  readonly whole: boolean
}

const ROUNDS = 5

/** @throws where a peer, a measure or an option is not known */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peers: { type: 'string' },
      measures: { type: 'string' },
      rounds: { type: 'string' },
      verify: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const rounds = values.rounds === undefined ? ROUNDS : Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number, 1 or more')
  return {
    peers: values.peers === undefined ? peers : values.peers.split(',').map(peerNamed),
    measures: values.measures === undefined ? measures : values.measures.split(',').map(measureNumbered),
    rounds,
    verify: values.verify,
    quick: values.quick,
    keep: values.keep,
    whole: values.peers === undefined && values.measures === undefined,
  }
}

function measureNumbered(number: string): Measure {
  const measure = measures.find((known) => known.number === Number(number))
  if (measure === undefined) {
    throw new Error(`no measure ${number}; there are ${measures.map((known) => known.number).join(', ')}`)
  }
  return measure
}
