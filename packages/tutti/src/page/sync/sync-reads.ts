import type { StatementCall } from '../../protocol/call.ts'
import type { Params, SqlValue, StatementResult } from '../../protocol/values.ts'
import { checkOptions, type StatementOptions } from '../call-options.ts'
import type { QueryResult } from '../results.ts'
import { type SqlRow, single, toObjects } from '../rows.ts'
import { scriptCall, statementCall } from '../statement-call.ts'
import type { SyncRows } from './sync-copy.ts'

/** What a synchronous call takes as its last argument. */
export type SyncOptions = Pick<StatementOptions, 'timeout'>

/** Where the reads of one handle go. */
export interface SyncHost {
  readonly version: number
  /** @throws whatever ends a read */
  read(call: StatementCall, timeout: number): SyncRows
  refresh(): Promise<void>
}

const READ_TIMEOUT = 30_000

/**
 * Reads without a promise, from a copy of the database on this page's own thread: for values that are needed
 * while something is drawn, and for code that was written for a synchronous database. SQL, parameters and
 * results are those of the asynchronous calls.
 *
 * What is read is never older than anything that this page has been told: its own writes whose promises have
 * resolved, results of reads and live queries, changes. It never goes back. What another tab has written may
 * arrive an instant after that tab's promise has resolved; {@link refresh} waits for it.
 *
 * Every call may throw a `ParameterError` or any `TuttiError`. The page stands still while a statement runs.
 */
export class SyncReads {
  readonly #host: SyncHost

  /** Use `db.sync`. */
  constructor(host: SyncHost) {
    this.#host = host
  }

  /** The version that reads see now. */
  get version(): number {
    return this.#host.version
  }

  /**
   * All rows as objects; of columns with the same name the last one counts.
   *
   * @example
   * const tunes = db.sync.all<Tune>('select * from tune where mode = ?', ['Dorian'])
   */
  all<Row = SqlRow>(sql: string, params?: Params, options?: SyncOptions): Row[] {
    return toObjects(this.#one('all', sql, params, options).result) as Row[]
  }

  /** The first row, or `undefined` where there is none. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the same as `db.get`
  get<Row = SqlRow>(sql: string, params?: Params, options?: SyncOptions): Row | undefined {
    return toObjects(this.#one('first', sql, params, options).result)[0] as Row | undefined
  }

  /** All rows as arrays of all columns, also those with the same name. */
  values<Row = SqlValue[]>(sql: string, params?: Params, options?: SyncOptions): Row[] {
    return this.#one('all', sql, params, options).result.rows as Row[]
  }

  /** Columns and rows, and the version that they belong to. */
  query(sql: string, params?: Params, options?: SyncOptions): QueryResult {
    const { result, version } = this.#one('all', sql, params, options)
    return toQueryResult(result, version)
  }

  /** A script of any number of statements that read: a result for each. */
  script(sql: string, options?: SyncOptions): QueryResult[] {
    const { results, version } = this.#host.read(scriptCall(sql), timeoutOf(options))
    return results.map((result) => toQueryResult(result, version))
  }

  /**
   * Resolves when reads see every write, of any tab, whose promise had resolved before this call.
   *
   * @example
   * channel.onmessage = async () => {
   *   await db.sync.refresh()
   *   draw(db.sync.all('select * from tune'))
   * }
   */
  refresh(): Promise<void> {
    return this.#host.refresh()
  }

  #one(
    rows: 'all' | 'first',
    sql: string,
    params: Params | undefined,
    options: SyncOptions | undefined,
  ): { readonly result: StatementResult; readonly version: number } {
    const call = statementCall(sql, params, rows, undefined)
    const read = this.#host.read(call, timeoutOf(options))
    return { result: single(read), version: read.version }
  }
}

function timeoutOf(options: SyncOptions | undefined): number {
  return checkOptions(options, ['timeout']).timeout ?? READ_TIMEOUT
}

function toQueryResult({ columns, rows }: StatementResult, version: number): QueryResult {
  return {
    columns: columns as string[],
    rows: rows as SqlValue[][],
    changes: 0,
    lastInsertRowid: 0,
    version,
  }
}
