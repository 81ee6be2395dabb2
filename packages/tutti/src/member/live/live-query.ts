import { contentOf, diffRows, type Stretch } from '../../protocol/diff-rows.ts'
import type { LivePart, LiveStart, LiveUpdate } from '../../protocol/live.ts'
import type { ChangeSet, StatementResult } from '../../protocol/values.ts'
import type { SingleCall } from '../replica.ts'
import type { Watch } from './watch.ts'

/** Why a live query is to run again. */
export interface Due {
  /** Of the commit; a run at this version or a later one shows it. */
  readonly version: number
  readonly origin: LiveUpdate['origin']
  readonly cause?: string | undefined
}

/** One live query of the page: what it last told, and whether it has to run again. */
export class LiveQuery {
  readonly n: number
  readonly call: SingleCall
  /** How long one run may take, ms. */
  readonly timeout: number | undefined
  /** The number of the request that the primary was asked by. */
  asked: number | undefined
  due: Due | undefined = { version: 0, origin: 'initial' }
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

  /** Whether its last run failed. */
  get failing(): boolean {
    return this.#failures > 0
  }

  /** Whether the result may be another one after this commit. */
  concernedBy(version: number, changes: ChangeSet): boolean {
    if (version <= this.#version && !this.failing) return false
    // What a run read that failed, or that the primary made, is not known here.
    if (this.#watch === undefined) return changes.all || Object.keys(changes.tables).length > 0
    return this.#watch.isTouchedBy(changes)
  }

  /** Takes in the result of a run; what to tell of it, if it is news. */
  succeeded(
    { columns, rows }: StatementResult,
    version: number,
    because: Due,
    watch: Watch | undefined,
  ): LiveUpdate | undefined {
    // With `stale: 'allow'` a replica may be behind what the last primary said.
    if (version < this.#version) return undefined
    this.#version = version
    this.#watch = watch
    if (this.due !== undefined && this.due.version <= version) this.due = undefined
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
    const { origin, cause } = before === undefined ? ({ origin: 'initial' } as const) : because
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

  /** A run failed: whether that is to be told. A failure that may pass by itself is told when it comes twice. */
  failed(error: Error & { readonly code?: string }, transient: boolean): boolean {
    this.#failures++
    this.#watch = undefined
    const failure = `${error.code ?? ''} ${error.message}`
    if (failure === this.#failure || (transient && this.#failures === 1)) return false
    this.#failure = failure
    return true
  }
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
