import { type Call, pairCalls, writesByRequest } from './calls.ts'
import { CommitOrder } from './commit-order.ts'
import type { CommittedWrite, HistoryRecord } from './history.ts'
import type { Violation, ViolationKind } from './violation.ts'

export interface Verdict {
  readonly violations: readonly Violation[]
  /** Ids of the calls that never ended: to be compared with the tabs that died. */
  readonly open: readonly string[]
}

type Report = (kind: ViolationKind, detail: string) => void

/**
 * Judges a run by what its callers were told, and by what the database holds in the end. The versions
 * give the one order in which everything has to be explained, so that strict serializability, in
 * general a hard problem, takes one pass. Knows nothing of how the database works.
 */
export function checkHistory(
  records: readonly HistoryRecord[],
  committed: readonly CommittedWrite[],
): Verdict {
  const { calls, violations } = pairCalls(records)
  const report: Report = (kind, detail) => violations.push({ kind, detail })
  const writes = writesByRequest(calls)

  const order = new CommitOrder(committed.map((commit) => withAnsweredVersion(commit, writes)))
  checkLog(order, writes, report)
  checkWrites(order, writes, report)
  checkReads(order, calls, writes, report)
  checkSessions(calls, writes, report)
  return {
    violations,
    open: calls.filter(({ answer }) => answer === undefined).map(({ invoked }) => invoked.id),
  }
}

function withAnsweredVersion(commit: CommittedWrite, writes: Map<string, Call[]>): CommittedWrite {
  if (commit.version !== null) return commit
  for (const { answer } of writes.get(commit.request) ?? [])
    if (answer?.kind === 'ok' && answer.version !== null) return { ...commit, version: answer.version }
  return commit
}

/** The log in itself: one line of versions and epochs, each request once, each transaction's reads. */
function checkLog(order: CommitOrder, writes: Map<string, Call[]>, report: Report): void {
  const seen = new Set<string>()
  let [version, epoch] = [0, 0]
  order.commits.forEach((commit, index) => {
    const { request } = commit
    if (seen.has(request)) report('double-apply', `${request} at ${commit.version} is in the log already`)
    seen.add(request)
    if (commit.version !== null) {
      if (commit.version <= version)
        report('split-brain', `${request} has ${commit.version} after ${version}`)
      version = commit.version
    }
    if (commit.epoch !== null) {
      if (commit.epoch < epoch) report('split-brain', `${request} is of epoch ${commit.epoch} after ${epoch}`)
      epoch = commit.epoch
    }
    for (const key of order.differing(commit.reads ?? {}, index)) {
      const [value, was] = [commit.reads?.[key], order.valueAt(key, index)]
      report('not-serializable', `${request} at ${commit.version} read ${key} = ${value}, which was ${was}`)
    }
    const first = writes.get(request)?.[0]
    if (first === undefined) report('came-from-nowhere', `${request} at ${commit.version}`)
    else if (commit.version !== null && commit.version <= first.floor) {
      report('late-write', `${request} at ${commit.version}, but ${first.floor} was known when it was asked`)
    }
  })
}

/** Each answer to a write against the log. */
function checkWrites(order: CommitOrder, writes: Map<string, Call[]>, report: Report): void {
  const byRequest = new Map(order.commits.map((commit) => [commit.request, commit]))
  for (const [request, attempts] of writes) {
    const commit = byRequest.get(request)
    for (const attempt of attempts) {
      const { answer } = attempt
      if (answer?.kind === 'ok') {
        if (commit === undefined) report('lost-write', `${request}, acknowledged at ${answer.version}`)
        else if (answer.version !== null && answer.version !== commit.version) {
          report(
            'wrong-version',
            `${request} was answered with ${answer.version} and is at ${commit.version}`,
          )
        }
        for (const [key, value] of Object.entries(answer.values ?? {})) {
          const wrote = commit?.writes?.[key]
          if (wrote !== value)
            report('wrong-result', `${request} was answered ${key} = ${value}, not ${wrote}`)
        }
      } else if (answer?.outcome === 'not-applied' && commit !== undefined) {
        if (!excused(attempt, attempts, commit)) {
          report(
            'false-not-applied',
            `${request} (${attempt.invoked.id}: ${answer.code}) is at ${commit.version}`,
          )
        }
      }
    }
  }
}

/** Whether the write may have been applied for another of its attempts, after this one was refused. */
function excused(refused: Call, attempts: readonly Call[], commit: CommittedWrite): boolean {
  const provenBefore = commit.version !== null && commit.version <= refused.floorAtEnd
  if (provenBefore) return false
  return attempts.some((other) => {
    if (other === refused) return false
    if (other.end > refused.end) return true
    return other.answer?.kind === 'fail' && other.answer.outcome !== 'not-applied'
  })
}

function checkReads(
  order: CommitOrder,
  calls: readonly Call[],
  writes: Map<string, Call[]>,
  report: Report,
): void {
  // By count of commits: the latest place in the history at which one of them was first asked for.
  const latestStart = [-1]
  for (const { request } of order.commits) {
    latestStart.push(Math.max(latestStart.at(-1) ?? -1, writes.get(request)?.[0]?.start ?? -1))
  }
  for (const { invoked, floor, answer, end } of calls) {
    if (invoked.op !== 'read' || answer?.kind !== 'ok') continue
    const { version } = answer
    if (version === null) continue
    const name = `${invoked.id} (${invoked.tab}, t=${invoked.t})`
    if (version < floor) report('stale-read', `${name} gave ${version}, when ${floor} was known`)
    const counts = order.countsAt(version)
    const agreeing = counts.filter((count) => order.agrees(answer, count))
    if (agreeing.length === 0)
      report('impossible-read', `${name} at ${version}: ${saw(order, answer, counts)}`)
    const possible = agreeing.length > 0 ? agreeing : counts
    if (possible.every((count) => (latestStart[count] ?? -1) > end)) {
      report('future-read', `${name} gave ${version} before all of it was asked for`)
    }
  }
}

function saw(
  order: CommitOrder,
  { values = {}, log, size = log?.length }: Extract<HistoryRecord, { kind: 'ok' }>,
  counts: readonly number[],
): string {
  const count = counts[0] ?? 0
  const wrong = order
    .differing(values, count)
    .map((key) => `${key} = ${values[key]}, not ${order.valueAt(key, count)}`)
  if (size !== undefined) wrong.push(`a log of ${size} where there were ${counts.join(' or ')}`)
  return wrong.join('; ')
}

/** Calls of one handle in the order in which they were made; a write asked again is no new call. */
function checkSessions(calls: readonly Call[], writes: Map<string, Call[]>, report: Report): void {
  const reached = new Map<string, number>()
  for (const call of calls) {
    const { session, op, request, id } = call.invoked
    if (session === undefined || call.answer?.kind !== 'ok') continue
    if (request !== undefined && (writes.get(request)?.length ?? 0) > 1) continue
    const before = reached.get(session) ?? 0
    const { version } = call.answer
    if (version === null) continue
    if (op === 'read' ? version < before : version <= before) {
      report('out-of-order', `${id} of ${session} gave ${version} after ${before}`)
    }
    reached.set(session, Math.max(before, version))
  }
}
