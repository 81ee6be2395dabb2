import { contentOf } from '../../protocol/diff-rows.ts'
import type { LivePart, LiveStart, LiveUpdate } from '../../protocol/live.ts'
import type { SqlValue } from '../../protocol/values.ts'
import { toObjects } from '../rows.ts'
import type { LiveInfo, LiveObserver, LiveRow, LiveStatement } from './live-observer.ts'

interface Follower {
  readonly observer: LiveObserver
  /** Whether it has been told a result. */
  begun: boolean
  over: boolean
}

/** One live query of this page, for all who follow an equal one: its last result, and the next. */
export class SharedLive {
  readonly start: LiveStart
  readonly #arrays: boolean
  readonly #report: (error: unknown) => void
  readonly #followers = new Set<Follower>()
  #columns: readonly string[] = []
  #rows: readonly LiveRow[] | undefined
  #version = 0
  #error: Error | undefined

  constructor(n: number, { rowMode, ...statement }: LiveStatement, report: (error: unknown) => void) {
    this.start = { type: 'live', n, ...statement }
    this.#arrays = rowMode === 'array'
    this.#report = report
  }

  /** The last result; `undefined` before the first. The same array as long as nothing changes. */
  get rows(): readonly LiveRow[] | undefined {
    return this.#rows
  }

  get followed(): boolean {
    return this.#followers.size > 0
  }

  /** Adds a follower. What is known already it is told soon, as the first result would be. */
  follow(observer: LiveObserver): () => void {
    const follower: Follower = { observer, begun: false, over: false }
    this.#followers.add(follower)
    if (this.#rows !== undefined || this.#error !== undefined) {
      void Promise.resolve().then(() => this.#introduce(follower))
    }
    return () => {
      follower.over = true
      this.#followers.delete(follower)
    }
  }

  /** Takes in what the member told. Rows that were there before stay the same objects. */
  update({ version, origin, cause, columns, parts }: LiveUpdate): void {
    const before = this.#rows
    const sameColumns = JSON.stringify(columns) === JSON.stringify(this.#columns)
    let rows: LiveRow[] = []
    for (const part of parts) {
      const more =
        'rows' in part
          ? this.#toRows(columns, part.rows)
          : (before ?? []).slice(part.from, part.from + part.count)
      // Not by `push(...more)`, which takes no more than the stack does.
      rows = rows.length === 0 ? more : rows.concat(more)
    }
    this.#columns = columns
    this.#version = version
    const recovered = this.#error !== undefined
    this.#error = undefined
    // A member that was started anew tells everything, also what this page has.
    const again = origin === 'initial' && before !== undefined
    const unchanged = before !== undefined && sameColumns && isWhole(parts, before.length)
    const next = unchanged ? before : again && sameColumns ? reuse(before, rows) : rows
    if (next === before && !recovered) return
    this.#rows = Object.freeze(next)
    const named = cause === undefined ? {} : { cause }
    this.#tell({ version, origin: again ? 'tab' : origin, ...named })
  }

  fail(error: Error): void {
    this.#error = error
    for (const follower of [...this.#followers]) this.#call(follower, () => follower.observer.failed(error))
  }

  end(error: Error): void {
    const followers = [...this.#followers]
    this.#followers.clear()
    for (const follower of followers) {
      this.#call(follower, () => follower.observer.ended(error))
      follower.over = true
    }
  }

  #toRows(columns: readonly string[], values: readonly (readonly SqlValue[])[]): LiveRow[] {
    const rows: readonly LiveRow[] = this.#arrays ? values : toObjects({ columns, rows: values })
    return rows.map((row) => Object.freeze(row))
  }

  #tell(info: LiveInfo): void {
    for (const follower of [...this.#followers]) this.#tellOne(follower, info)
  }

  #tellOne(follower: Follower, info: LiveInfo): void {
    const rows = this.#rows
    if (rows === undefined) return
    const own: LiveInfo = follower.begun ? info : { version: info.version, origin: 'initial' }
    follower.begun = true
    this.#call(follower, () => follower.observer.rows(rows, own))
  }

  #introduce(follower: Follower): void {
    // An update may have come first.
    if (!follower.begun) this.#tellOne(follower, { version: this.#version, origin: 'initial' })
    const error = this.#error
    if (error !== undefined) this.#call(follower, () => follower.observer.failed(error))
  }

  /** A follower that throws does not disturb the others. */
  #call(follower: Follower, tell: () => void): void {
    if (follower.over) return
    try {
      tell()
    } catch (error) {
      this.#report(error)
    }
  }
}

/** Whether a result is the one before it, which is told anew where an error came between. */
function isWhole([part, ...more]: readonly LivePart[], count: number): boolean {
  if (part === undefined) return count === 0
  return more.length === 0 && 'from' in part && part.from === 0 && part.count === count
}

/** `after` made of the objects of `before` where a row is equal; `before` itself where all are. */
function reuse(before: readonly LiveRow[], after: readonly LiveRow[]): readonly LiveRow[] {
  const kept = new Map<string, LiveRow[]>()
  // Backwards, so that the first of equal ones is taken first.
  for (const row of before.toReversed()) {
    const content = contentOfRow(row)
    const equal = kept.get(content)
    if (equal === undefined) kept.set(content, [row])
    else equal.push(row)
  }
  const rows = after.map((row) => kept.get(contentOfRow(row))?.pop() ?? row)
  const same = rows.length === before.length && rows.every((row, i) => row === before[i])
  return same ? before : rows
}

function contentOfRow(row: LiveRow): string {
  return contentOf(Object.values(row))
}
