import { oneWrite } from './1-one-write.ts'
import { fourWriters } from './2-four-writers.ts'
import { pointRead } from './3-point-read.ts'
import { longRead } from './4-long-read.ts'
import { readsWhileWriting } from './5-reads-while-writing.ts'
import { live } from './6-live.ts'
import { openToRow } from './7-open.ts'
import { bulk } from './8-bulk.ts'
import { failover } from './9-failover.ts'
import { cost } from './10-cost.ts'
import { growth } from './11-growth.ts'
import type { Measure } from './measure.ts'

/** In the order of their numbers. */
export const measures: readonly Measure[] = [
  oneWrite,
  fourWriters,
  pointRead,
  longRead,
  readsWhileWriting,
  live,
  openToRow,
  bulk,
  failover,
  cost,
  growth,
]

/** @throws where there is none of that number */
export function measureNumbered(number: number): Measure {
  const measure = measures.find((known) => known.number === number)
  if (measure === undefined) {
    throw new Error(`no measure ${number}; there are ${measures.map((known) => known.number).join(', ')}`)
  }
  return measure
}
