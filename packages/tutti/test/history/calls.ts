import type { HistoryRecord } from './history.ts'
import type { Violation } from './violation.ts'

type Invocation = Extract<HistoryRecord, { kind: 'invoke' }>
type Ending = Extract<HistoryRecord, { kind: 'ok' | 'fail' }>

/** One call: its invocation, its answer, and what was known around it. */
export interface Call {
  readonly invoked: Invocation
  /** Place of the invocation in the history. */
  readonly start: number
  /** The highest version that any answer had given when it was invoked. */
  readonly floor: number
  answer: Ending | undefined
  /** Place of the answer; infinite while there is none. */
  end: number
  /** As `floor`, when it was answered. */
  floorAtEnd: number
}

/** Pairs answers with invocations, in one pass. */
export function pairCalls(records: readonly HistoryRecord[]): { calls: Call[]; violations: Violation[] } {
  const byId = new Map<string, Call>()
  const violations: Violation[] = []
  const malformed = (detail: string): void => {
    violations.push({ kind: 'malformed', detail })
  }
  let floor = 0
  const take = (record: HistoryRecord, place: number): void => {
    const known = byId.get(record.id)
    if (record.kind === 'invoke') {
      if (known !== undefined) malformed(`${record.id} is invoked twice`)
      if (record.op === 'write' && record.request === undefined) malformed(`${record.id} has no request id`)
      const end = Number.POSITIVE_INFINITY
      byId.set(record.id, { invoked: record, start: place, floor, answer: undefined, end, floorAtEnd: floor })
      return
    }
    if (known === undefined) return malformed(`${record.id} is answered and was never invoked`)
    if (known.answer !== undefined) return malformed(`${record.id} is answered twice`)
    known.answer = record
    known.end = place
    known.floorAtEnd = floor
    if (record.kind === 'ok') floor = Math.max(floor, record.version ?? 0)
  }
  records.forEach(take)
  return { calls: [...byId.values()], violations }
}

/** Writes by request id, each with all the calls that asked for it. */
export function writesByRequest(calls: readonly Call[]): Map<string, Call[]> {
  const writes = new Map<string, Call[]>()
  for (const call of calls) {
    const { op, request } = call.invoked
    if (op !== 'write' || request === undefined) continue
    const attempts = writes.get(request)
    if (attempts === undefined) writes.set(request, [call])
    else attempts.push(call)
  }
  return writes
}
