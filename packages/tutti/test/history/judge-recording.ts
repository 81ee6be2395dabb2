import { checkHistory } from './check-history.ts'
import type { HistoryRecord } from './history.ts'
import { mergeTabs } from './merge-tabs.ts'
import { isHistoryRecord, type LogEntry, type RecordedLine, toCommitted } from './recording.ts'
import type { Violation } from './violation.ts'

export interface RecordingVerdict {
  readonly violations: readonly Violation[]
  /** Ids of calls that never ended, of tabs that live: each is a hang (I5). */
  readonly hanging: readonly string[]
  /** Calls that ended in an error. */
  readonly failed: readonly Extract<HistoryRecord, { kind: 'fail' }>[]
  /** How many calls were answered: a run that did nothing proves nothing. */
  readonly answered: number
}

/**
 * Judges what several tabs recorded. A tab that died may have made calls of which no line arrived: what the
 * log has of it is taken as asked for after its last line, which accuses nobody falsely.
 *
 * @throws {Error} where the recording does not say what the database held in the end
 */
export function judgeRecording(lines: readonly RecordedLine[]): RecordingVerdict {
  const story = lines.slice(lines.findLastIndex(({ kind }) => kind === 'begin') + 1)
  const end = story.findLast((line) => line.kind === 'end')
  if (end === undefined) throw new Error('the recording has no end: it does not say what the database held')
  const records = story.filter(isHistoryRecord)
  const heard = heardVersions(story, end.log)
  const { violations, open } = checkHistory(
    mergeTabs([...records, ...lostInvocations(records, end.log, new Set(end.living))]),
    end.log.map((entry) => toCommitted(entry, heard.versions.get(entry.id) ?? null)),
  )
  const tabs = new Map(records.map(({ id, tab }) => [id, tab]))
  return {
    violations: [...heard.violations, ...violations],
    hanging: open.filter((id) => end.living.includes(tabs.get(id) ?? '')),
    failed: records.filter((record) => record.kind === 'fail'),
    answered: records.filter(({ kind }) => kind === 'ok').length,
  }
}

/** The version of each entry of the log that some tab heard of when it was committed. */
export function heardVersions(
  lines: readonly RecordedLine[],
  log: readonly LogEntry[],
): { versions: Map<number, number>; violations: Violation[] } {
  const versions = new Map<number, number>()
  const violations: Violation[] = []
  const known = new Set(log.map(({ id }) => id))
  for (const line of lines) {
    if (line.kind !== 'commit') continue
    const { tab, version } = line
    for (const id of line.ids) {
      const other = versions.get(id)
      if (!known.has(id))
        violations.push({ kind: 'lost-write', detail: `entry ${id}, which ${tab} heard of at ${version}` })
      else if (other !== undefined && other !== version)
        violations.push({ kind: 'split-brain', detail: `entry ${id} was told of at ${other} and ${version}` })
      versions.set(id, version)
    }
  }
  return { versions, violations }
}

function lostInvocations(
  records: readonly HistoryRecord[],
  log: readonly LogEntry[],
  living: ReadonlySet<string>,
): HistoryRecord[] {
  const asked = new Set(records.flatMap((record) => (record.kind === 'invoke' ? [record.request] : [])))
  const lastTime = new Map(records.map(({ tab, t }) => [tab, t]))
  return log.flatMap(({ request, tab }): HistoryRecord[] => {
    if (asked.has(request) || living.has(tab)) return []
    const id = `${request}, whose line is lost`
    return [{ t: lastTime.get(tab) ?? 0, tab, op: 'write', id, kind: 'invoke', request }]
  })
}
