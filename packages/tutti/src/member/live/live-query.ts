import { contentOf, diffRows, type Stretch } from '../../protocol/diff-rows.ts'
import type { LivePart, LiveStart, LiveUpdate } from '../../protocol/live.ts'
import type { ChangeSet, StatementResult } from '../../protocol/values.ts'
import type { SingleCall } from '../replica.ts'
import { isAbsence } from './pauses.ts'
import type { Watch } from './watch.ts'

/** Why a live query is to run again. */
export interface Due {
  /** Of the commit; a run at this version or a later one shows it. */
  readonly version: number
  /** Absent where nobody knows whose commit it was, or whether there was one. */
  readonly origin?: LiveUpdate['origin']
  readonly cause?: string | undefined
}

/** It has to run whatever version it shows already: commits may have been missed. */
export const UNKNOWN: Due = { version: Number.POSITIVE_INFINITY }

/** One live query of the page: what it last told, and whether it has to run again. */
export class LiveQuery {
  readonly n: number
  readonly call: SingleCall
  /** How long one run may take, ms. */
  readonly timeout: number | undefined
  /** The number of the request that the primary was asked by. */
  asked: number | undefined
  #due: Due | undefined = { version: 0, origin: 'initial' }
  /** Why the run that is under way, or failed last, was begun. */
  #because: Due | undefined
  #watch: Watch | undefined
  #version = 0
  #columns: readonly string[] = []
  /** Contents of the rows last told; `undefined` before the first. */
  #contents: readonly string[] | undefined
  /** The error last told, unless a result came after it. */
  #failure: string | undefined
  #failures = 0

  constructor({ n, sql, params, timeout }: LiveStart) {
    this.n = n
    this.call = {
      op: 'statement',
      sql,
      rows: 'all',
      readonly: true,
      ...(params === undefined ? {} : { params }),
    }
    this.timeout = timeout
  }

  /** How many runs have failed since the last result. */
  get failures(): number {
    return this.#failures
  }

  /** Whether there is a reason to run it. */
  get due(): boolean {
    return this.#due !== undefined
  }

  /** There is another reason to run it. Of several, the newest that is known is the one that is told. */
  wake(due: Due): void {
    this.#due = newest(this.#due, due)
  }

  /** A run begins: what comes from now on is a reason for another one. False where there is none. */
  begin(): boolean {
    const due = this.#due
    this.#due = undefined
    // The reason for a run that failed is that of the next one.
    if (due !== undefined) this.#because = newest(this.#because, due)
    return due !== undefined
  }

  /** Whether the result may be another one after this commit. */
  concernedBy(version: number, changes: ChangeSet): boolean {
    if (version <= this.#version && this.#failures === 0) return false
    // What a run read that failed, or that the primary made, is not known here.
    if (this.#watch === undefined) return changes.all || Object.keys(changes.tables).length > 0
    return this.#watch.isTouchedBy(changes)
  }

  /** Takes in the result of a run; what to tell of it, if it is news. */
  succeeded(
    { columns, rows }: StatementResult,
    version: number,
    watch: Watch | undefined,
  ): LiveUpdate | undefined {
    // With `stale: 'allow'` a replica may be behind what the last primary said.
    if (version < this.#version) return undefined
    this.#version = version
    this.#watch = watch
    let because = this.#because ?? UNKNOWN
    this.#because = undefined
    if (this.#due !== undefined && this.#due.version <= version) {
      because = newest(because, this.#due)
      this.#due = undefined
    }
    const recovered = this.#failure !== undefined
    this.#failure = undefined
    this.#failures = 0

    const before = this.#contents
    const known = before !== undefined && equal(columns, this.#columns) ? before : []
    const after = rows.map(contentOf)
    const difference = diffRows(known, after)
    this.#contents = after
    const sameShape = known === before
    this.#columns = columns
    if (difference === null && sameShape && !recovered) return undefined
    const stretches = difference ?? [{ from: 0, count: after.length }]
    const { origin = 'tab', cause } = before === undefined ? ({ origin: 'initial' } as const) : because
    return {
      type: 'live',
      n: this.n,
      version,
      origin,
      ...(cause === undefined ? {} : { cause }),
      columns,
      parts: toParts(stretches, rows),
    }
  }

  /** A run failed: whether that is to be told. That there is no primary is told when it comes twice. */
  failed(error: Error & { readonly code?: string }): boolean {
    this.#failures++
    this.#watch = undefined
    const failure = `${error.code ?? ''} ${error.message}`
    if (failure === this.#failure || (isAbsence(error.code) && this.#failures === 1)) return false
    this.#failure = failure
    return true
  }
}

/** `next`, by the name of what is known: nobody's commit does not take the place of somebody's. */
function newest(before: Due | undefined, next: Due): Due {
  const named = next.origin === undefined && before !== undefined ? before : next
  return { ...named, version: Math.max(before?.version ?? 0, next.version) }
}

function toParts(stretches: readonly Stretch[], rows: StatementResult['rows']): LivePart[] {
  let at = 0
  return stretches.map(({ from, count }) => {
    at += count
    return from === null ? { rows: rows.slice(at - count, at) } : { from, count }
  })
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, i) => name === other[i])
}
