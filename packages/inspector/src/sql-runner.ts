import { describeError, type ErrorDescription } from './describe-error.ts'
import type { InspectedDatabase, InspectedResult } from './inspected-database.ts'

/** How one run ended. `elapsed` in ms; `again`: nobody asked for this run but a commit. */
export type RunOutcome = {
  readonly sql: string
  readonly elapsed: number
  readonly again: boolean
} & (
  | { readonly kind: 'result'; readonly reads: boolean; readonly result: InspectedResult }
  | { readonly kind: 'error'; readonly error: ErrorDescription }
)

export interface SqlRunner {
  /**
   * Runs what a person asked for. A read that still runs is stopped for it; a write is waited for. Of several
   * that wait, the last one runs. Never rejects.
   */
  run(sql: string, options: { readonly write: boolean }): Promise<void>
  /** Repeats the last statement if SQLite judged it read-only. Never rejects. */
  again(): Promise<void>
  /** Aborts what runs now. */
  stop(): void
  dispose(): void
}

export interface SqlRunnerOptions {
  readonly database: Pick<InspectedDatabase, 'query'>
  /** Monotonic, ms. */
  readonly now: () => number
  /** Whether something that a person asked for runs or waits; `false` comes after its outcome. */
  readonly onBusy: (busy: boolean) => void
  readonly onOutcome: (outcome: RunOutcome) => void
}

/** After these a repetition would fail alike, or hold up the database once more. */
const FINAL_CODES = new Set([
  'ABORTED',
  'CALL_TIMEOUT',
  'DATABASE_CLOSED',
  'DATABASE_DELETED',
  'PARAMETER',
  'STATEMENT_REFUSED',
  'STATEMENT_TIMEOUT',
])

/** The abort reason of a read that a newer run replaces: its end is of no interest. */
const SUPERSEDED = 'superseded'

interface Running {
  readonly abort: AbortController
  readonly again: boolean
  writing: boolean
  readonly settled: Promise<void>
}

/**
 * Runs statements one at a time. Whether a statement may write is never guessed from its text: it is always
 * offered as read-only first, and only SQLite's refusal, with `write` on, makes it a write.
 */
export function createSqlRunner({ database, now, onBusy, onOutcome }: SqlRunnerOptions): SqlRunner {
  let running: Running | undefined
  let repeatable: string | undefined
  let newest = 0
  let disposed = false

  async function attempt(sql: string, write: boolean, state: Running): Promise<RunOutcome> {
    const started = now()
    const common = (): Pick<RunOutcome, 'sql' | 'elapsed' | 'again'> => ({
      sql,
      elapsed: now() - started,
      again: state.again,
    })
    const { signal } = state.abort
    try {
      const result = await database.query(sql, [], { readonly: true, signal })
      return { ...common(), kind: 'result', reads: true, result }
    } catch (error) {
      const description = describeError(error, sql)
      if (!write || description.code !== 'STATEMENT_REFUSED') {
        return { ...common(), kind: 'error', error: description }
      }
    }
    state.writing = true
    try {
      const result = await database.query(sql, [], { signal })
      return { ...common(), kind: 'result', reads: false, result }
    } catch (error) {
      return { ...common(), kind: 'error', error: describeError(error, sql) }
    }
  }

  async function start(sql: string, write: boolean, again: boolean): Promise<void> {
    let settle: () => void = () => {}
    const settled = new Promise<void>((resolve) => {
      settle = resolve
    })
    const state: Running = { abort: new AbortController(), again, writing: false, settled }
    running = state
    const outcome = await attempt(sql, write, state)
    running = undefined
    settle()
    if (disposed) return
    if (state.abort.signal.reason === SUPERSEDED) return
    repeatable = isRepeatable(outcome, state.writing) ? sql : undefined
    onOutcome(outcome)
  }

  return {
    async run(sql, { write }) {
      const ticket = ++newest
      onBusy(true)
      if (running && !running.writing) running.abort.abort(SUPERSEDED)
      for (let current = running; current; current = running) await current.settled
      if (ticket === newest && !disposed) await start(sql, write, false)
      if (ticket === newest && !disposed) onBusy(false)
    },
    async again() {
      const ticket = newest
      for (let current = running; current; current = running) await current.settled
      if (ticket === newest && !disposed && repeatable !== undefined) await start(repeatable, false, true)
    },
    stop() {
      running?.abort.abort()
    },
    dispose() {
      disposed = true
      running?.abort.abort()
    },
  }
}

function isRepeatable(outcome: RunOutcome, wrote: boolean): boolean {
  if (outcome.kind === 'result') return outcome.reads
  return !wrote && !FINAL_CODES.has(outcome.error.code)
}
