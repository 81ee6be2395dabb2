import type { LiveInfo, LiveObserver, LiveRow, LiveStatement } from '../../src/page/live/live-observer.ts'
import { statementKey } from '../../src/page/live/statement-key.ts'
import { toObjects } from '../../src/page/rows.ts'
import type { StatementResult } from '../../src/protocol/values.ts'

/** What the follower of one live query has been told, and whether that is right. */
export class DeliveredResult implements LiveObserver {
  readonly statement: LiveStatement
  /** As the member names it. */
  readonly key: string
  #told: { readonly rows: readonly LiveRow[]; readonly info: LiveInfo }[] = []
  #error: Error | undefined
  #errors = 0
  /** As of the last time that it was judged. */
  #before: readonly LiveRow[] | undefined
  #columns = ''
  #expected = ''
  #version = 0

  constructor(statement: LiveStatement) {
    this.statement = statement
    const { sql, params = [] } = statement
    this.key = statementKey({ sql, params })
  }

  rows(rows: readonly LiveRow[], info: LiveInfo): void {
    this.#told.push({ rows, info })
    this.#error = undefined
  }

  failed(error: Error): void {
    this.#error = error
    this.#errors++
  }

  ended(error: Error): void {
    throw error
  }

  /**
   * Compares what was told since the last time with the whole result at `version`, or the error of its run.
   * @returns whether it is another one than before, and how many of its rows are the same objects as before
   * @throws what is wrong
   */
  judge(whole: StatementResult | string, version: number): { changed: boolean; kept: number } {
    const [told, ...more] = this.#told.splice(0)
    const errors = this.#errors
    this.#errors = 0
    const failed = typeof whole === 'string'
    const expected = failed ? `failed ${whole}` : textOf([whole.columns, whole.rows])
    const changed = expected !== this.#expected
    this.#expected = expected
    if (more.length + errors > (told === undefined ? 1 : 0)) throw new Error('told more than once')
    if ((told !== undefined || errors > 0) && !changed) throw new Error('told, and as before')
    if (failed) {
      if (this.#error?.message !== whole) throw new Error(`expected to fail: ${whole}`)
      return { changed, kept: 0 }
    }
    if (this.#error !== undefined) throw this.#error
    if (told === undefined && !changed) return { changed, kept: 0 }
    const before = this.#before
    const rows = told === undefined ? before : told.rows
    const wanted = this.statement.rowMode === 'array' ? whole.rows : toObjects(whole)
    if (textOf(rows) !== textOf(wanted)) throw new Error(`told ${textOf(rows)}, and it is ${textOf(wanted)}`)
    if (told === undefined || rows === undefined) return { changed, kept: 0 }
    // No commit came after it that it could show.
    if (told.info.version <= this.#version || told.info.version > version)
      throw new Error(`version ${told.info.version} after ${this.#version}, at ${version}`)
    this.#version = told.info.version
    const columns = textOf(whole.columns)
    // In an object one of two columns of a name hides the other, which may be what changed.
    const hides = new Set(whole.columns).size < whole.columns.length && this.statement.rowMode === 'object'
    const comparable = before !== undefined && columns === this.#columns && !hides
    const kept = comparable ? keptOf(before, rows) : 0
    this.#columns = columns
    this.#before = rows
    return { changed, kept }
  }
}

/** Each row that stood there before has to be one of those objects, and each object stands there once. */
function keptOf(before: readonly LiveRow[], rows: readonly LiveRow[]): number {
  const left = new Map<string, number>()
  for (const row of before) left.set(textOf(row), (left.get(textOf(row)) ?? 0) + 1)
  let same = 0
  for (const row of rows) {
    const count = left.get(textOf(row)) ?? 0
    if (count > 0) same++
    left.set(textOf(row), count - 1)
  }
  const objects = new Set(before)
  const kept = rows.filter((row) => objects.delete(row)).length
  if (kept !== same) throw new Error(`${same} rows are as before, and ${kept} of them the same objects`)
  return kept
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one)) ?? ''
}
