import { SnapshotLostError } from '../errors/errors.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import type { SqlValue, StatementResult } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import { sizeOf } from '../sqlite/run-statement.ts'
import type { ReplicaCursor } from './replica.ts'

/** Rows that one pull brings, bytes. */
const PIECE = 256 * 1024
/** What the versions of all iterations may keep beside the replica, bytes. */
const BUDGET = 64 * 1024 * 1024
/** How long a version is kept for a loop that asks for no more rows, ms. */
const IDLE = 60_000

/** A piece of a result. */
export interface Piece {
  readonly result: StatementResult
  /** Which version the whole result shows. */
  readonly version: number
  readonly done: boolean
}

interface Kept {
  readonly cursor: ReplicaCursor
  readonly version: number
  idle: Timer
}

/**
 * The results that this tab's loops are reading piece by piece, each on a version of its own. They hold up
 * nobody: what they keep is bounded, in memory and in time, and where a bound passes the loop is told.
 */
export class Cursors {
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()
  /** Why those that were given up are gone, until it was told. */
  readonly #lost = new Map<string, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  begin(name: string, cursor: ReplicaCursor, version: number, limits: Limits): Piece {
    this.#kept.set(name, { cursor, version, idle: this.#idleFrom(name) })
    this.#keepToBudget(name)
    return this.pull(name, limits)
  }

  /** @throws SnapshotLostError, and what running the statement throws; the cursor is gone then. */
  pull(name: string, limits: Limits): Piece {
    const kept = this.#kept.get(name)
    if (kept === undefined) throw this.#lostError(name)
    kept.idle.cancel()
    // The last in the map is the one that was asked last.
    this.#kept.delete(name)
    this.#kept.set(name, { ...kept, idle: this.#idleFrom(name) })
    this.#keepToBudget(name)
    if (!this.#kept.has(name)) throw this.#lostError(name)
    try {
      const { columns, rows, done } = kept.cursor.next(PIECE, limits)
      if (done) this.release(name)
      return { result: { columns, rows, changes: 0, lastInsertRowid: 0 }, version: kept.version, done }
    } catch (error) {
      this.release(name)
      throw error
    }
  }

  release(name: string): void {
    const kept = this.#kept.get(name)
    this.#lost.delete(name)
    if (kept === undefined) return
    this.#kept.delete(name)
    kept.idle.cancel()
    kept.cursor.close()
  }

  /** The member leaves. */
  end(): void {
    for (const name of [...this.#kept.keys()]) this.release(name)
  }

  /** Those that were asked longest ago go first, but for one that is too large by itself. */
  #keepToBudget(asked: string): void {
    const weights = Array.from(this.#kept, ([name, { cursor }]) => [name, cursor.kept] as const)
    const own = weights.find(([name, bytes]) => name === asked && bytes > BUDGET)
    const order = own === undefined ? weights : [own, ...weights.filter((weight) => weight !== own)]
    let total = weights.reduce((sum, [, bytes]) => sum + bytes, 0)
    for (const [name, bytes] of order) {
      if (total <= BUDGET) return
      total -= bytes
      this.#lose(name, 'too much was written since the iteration began')
    }
  }

  #lose(name: string, reason: string): void {
    this.release(name)
    this.#lost.set(name, reason)
  }

  #idleFrom(name: string): Timer {
    return this.#clock.after(IDLE, () => this.#lose(name, `no row was asked for within ${IDLE / 1000} s`))
  }

  #lostError(name: string): SnapshotLostError {
    const reason = this.#lost.get(name) ?? "this tab's worker was replaced"
    this.#lost.delete(name)
    return new SnapshotLostError(
      `The version that is iterated over is not kept any more: ${reason}. Begin again.`,
    )
  }
}

/** A whole result, as the primary gave it, to be handed on piece by piece. */
export function cursorOver({ columns, rows }: Pick<StatementResult, 'columns' | 'rows'>): ReplicaCursor {
  let left = rows.toReversed() as SqlValue[][]
  return {
    kept: 0,
    next(size) {
      const piece: SqlValue[][] = []
      for (let weight = 0; weight < size; ) {
        const row = left.pop()
        if (row === undefined) break
        piece.push(row)
        weight += sizeOf(row)
      }
      return { columns, rows: piece, done: left.length === 0 }
    },
    close() {
      left = []
    },
  }
}
