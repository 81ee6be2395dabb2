/** What a register holds. */
export type Value = number | string | null

export type Values = Readonly<Record<string, Value>>

/**
 * One line of a history. `t` is world time in ms; the order of the lines decides where times are
 * equal. `id` names one call and pairs its answer with it. `request` is the request id of a write: two
 * calls with the same one are the same write, asked twice. Calls of one `session` (a database handle)
 * take effect in the order in which they were made.
 */
export type HistoryRecord =
  | (Line & { readonly kind: 'invoke'; readonly request?: string; readonly session?: string })
  | (Line & { readonly kind: 'ok' } & Answer)
  | (Line & { readonly kind: 'fail'; readonly code: string; readonly outcome?: 'not-applied' | 'unknown' })

interface Line {
  readonly t: number
  readonly tab: string
  readonly op: 'read' | 'write'
  readonly id: string
}

/** What came back: the version, and for a read what it saw, for a write what it wrote. */
export interface Answer {
  /** `null` where the caller of a write was not told. */
  readonly version: number | null
  /** Registers by key. */
  readonly values?: Values
  /** The request ids in the log table, in its order; only the last of them where `size` is given. */
  readonly log?: readonly string[]
  /** How many entries the log table has. */
  readonly size?: number
}

/** One write as the database itself remembers it, in the order of the log table's ids. */
export interface CommittedWrite {
  readonly request: string
  /** `null` where the database does not tell; an answer then may. */
  readonly version: number | null
  readonly epoch: number | null
  /** Registers that its transaction read, as it saw them. */
  readonly reads?: Values
  readonly writes?: Values
}

export interface PendingCall {
  ok(answer: Answer): void
  fail(failure: { readonly code: string; readonly outcome?: 'not-applied' | 'unknown' | undefined }): void
}

/** Takes down the calls of a run as they are made and answered. */
export class History {
  readonly records: HistoryRecord[] = []
  readonly #now: () => number
  readonly #tell: (record: HistoryRecord) => void

  /** @param tell called with each record at once, for a tab that may not live to hand over the whole */
  constructor(now: () => number, tell: (record: HistoryRecord) => void = () => undefined) {
    this.#now = now
    this.#tell = tell
  }

  read(tab: string, session?: string): PendingCall {
    return this.#invoke(tab, 'read', session === undefined ? {} : { session })
  }

  write(tab: string, request: string, session?: string): PendingCall {
    return this.#invoke(tab, 'write', session === undefined ? { request } : { request, session })
  }

  /** One JSON object a line: a failing run as a file. */
  toJsonLines(): string {
    return this.records.map((record) => `${JSON.stringify(record)}\n`).join('')
  }

  #invoke(tab: string, op: 'read' | 'write', more: { request?: string; session?: string }): PendingCall {
    const id = `${tab}-${this.records.length}`
    const line = () => ({ t: this.#now(), tab, op, id })
    this.#add({ ...line(), kind: 'invoke', ...more })
    return {
      ok: (answer) => this.#add({ ...line(), kind: 'ok', ...answer }),
      fail: ({ code, outcome }) =>
        this.#add({ ...line(), kind: 'fail', code, ...(outcome === undefined ? {} : { outcome }) }),
    }
  }

  #add(record: HistoryRecord): void {
    this.records.push(record)
    this.#tell(record)
  }
}

/** The records of a file that {@link History.toJsonLines} made. */
export function parseHistory(lines: string): HistoryRecord[] {
  return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as HistoryRecord]))
}
