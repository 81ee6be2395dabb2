import type { CommittedWrite, HistoryRecord, Values } from './history.ts'

/** A row of the log table, as SQLite gives it back. */
export interface LogEntry {
  readonly id: number
  readonly request: string
  readonly tab: string
  readonly epoch: number | null
  /** JSON, as the workload wrote it. */
  readonly reads: string | null
  readonly writes: string | null
}

/** What tabs that may die, and whoever watches them, write down line by line: a run as one file. */
export type RecordedLine =
  /** A database is made or made anew: what was before is another story. */
  | { readonly kind: 'begin' }
  | HistoryRecord
  /** A tab heard of a commit, and of the entries that it added to the log. */
  | {
      readonly kind: 'commit'
      readonly tab: string
      readonly version: number
      readonly ids: readonly number[]
    }
  /** The run is over: which tabs live, and what the database holds. Of several the last one counts. */
  | { readonly kind: 'end'; readonly living: readonly string[]; readonly log: readonly LogEntry[] }

/** What a line of a page's console begins with where the rest of it is a {@link RecordedLine}. */
export const RECORDED = 'recorded '

/** The lines of a file, without its empty ones. */
export function parseRecording(text: string): RecordedLine[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RecordedLine]))
}

export function isHistoryRecord(line: RecordedLine): line is HistoryRecord {
  return line.kind === 'invoke' || line.kind === 'ok' || line.kind === 'fail'
}

/** A row of the log table as the checker takes it. */
export function toCommitted(
  { request, epoch, reads, writes }: LogEntry,
  version: number | null,
): CommittedWrite {
  return {
    request,
    version,
    epoch,
    ...(reads === null ? {} : { reads: JSON.parse(reads) as Values }),
    ...(writes === null ? {} : { writes: JSON.parse(writes) as Values }),
  }
}
