import { ParameterError, StatementRefusedError } from '../../errors/errors.ts'
import type { Database, Params, SqlValue } from '../../index.ts'
import type { SqlRow } from '../../page/rows.ts'

/** One statement's rows, as sql.js gives them. */
export interface QueryExecResult {
  readonly columns: string[]
  readonly values: SqlValue[][]
}

/** What sql.js binds: an array, or an object by name. */
export type BindParams = Params | null | undefined

/**
 * The reading half of sql.js's `Database`, on `db.sync`: for code that was written for sql.js and reads while it
 * draws. Its writes become calls of the `Database` that was given: `await db.run(…)`.
 *
 * @example
 * import { open } from 'tutti'
 * import { syncReader } from 'tutti/sqljs'
 *
 * const reader = syncReader(await open({ user: 'u-9002', migrations, syncReads: true }))
 * const [result] = reader.exec('select id, title from tune')
 */
export function syncReader(db: Pick<Database, 'sync'>): SqlJsReader {
  return new SqlJsReader(db)
}

/** See {@link syncReader}. Every call throws what `db.sync` throws. */
export class SqlJsReader {
  readonly #db: Pick<Database, 'sync'>

  /** Use `syncReader()`. */
  constructor(db: Pick<Database, 'sync'>) {
    this.#db = db
  }

  /** The rows of each statement that has any. With parameters it is one statement. */
  exec(sql: string, params?: BindParams): QueryExecResult[] {
    const { sync } = this.#db
    const results = params == null ? sync.script(sql) : [sync.query(sql, params)]
    return results.flatMap(({ columns, rows }) => (rows.length === 0 ? [] : [{ columns, values: rows }]))
  }

  /** Runs statements that read, for nothing: what writes is refused. */
  run(sql: string, params?: BindParams): this {
    this.exec(sql, params)
    return this
  }

  /** Calls `callback` with each row as an object, and `done` after the last. */
  each(sql: string, params: BindParams, callback: (row: SqlRow) => void, done?: () => void): this {
    for (const row of this.#db.sync.all(sql, params ?? undefined)) callback(row)
    done?.()
    return this
  }

  /** A statement to bind and step through. It runs with its first step. */
  prepare(sql: string, params?: BindParams): SqlJsStatement {
    return new SqlJsStatement(this.#db, sql, params)
  }

  /** @throws {StatementRefusedError} always */
  export(): never {
    throw new StatementRefusedError('A synchronous reader has no export(): use await db.export().')
  }

  /** Does nothing: the database is closed by `await db.close()`. */
  close(): void {}
}

/** sql.js's `Statement`, reading. A result is taken as a whole at the first step, and is of one version. */
export class SqlJsStatement {
  readonly #db: Pick<Database, 'sync'>
  readonly #sql: string
  #params: BindParams
  #result: QueryExecResult | undefined
  /** Which row is the current one. */
  #at = -1
  #freed = false

  /** Use `prepare()`. */
  constructor(db: Pick<Database, 'sync'>, sql: string, params: BindParams) {
    this.#db = db
    this.#sql = sql
    this.#params = params
  }

  /** Resets the statement, and takes these parameters from now on. */
  bind(params?: BindParams): boolean {
    this.reset()
    this.#params = params
    return true
  }

  /** Goes to the next row; false after the last. */
  step(): boolean {
    const { values } = this.#run()
    if (this.#at < values.length) this.#at++
    return this.#at < values.length
  }

  /** The current row; with parameters, the first one that they give. */
  get(params?: BindParams): SqlValue[] {
    this.#first(params)
    return this.#run().values[this.#at] ?? []
  }

  /**
   * The current row by the names of its columns; with parameters, the first one that they give. Where there is
   * none, each column is `undefined`: sql.js says so, too, and does not type it.
   */
  getAsObject(params?: BindParams): SqlRow {
    const row = this.get(params)
    return Object.fromEntries(this.#run().columns.map((name, i) => [name, row[i]])) as SqlRow
  }

  getColumnNames(): string[] {
    return this.#run().columns
  }

  getSQL(): string {
    return this.#sql
  }

  /** Runs it for nothing, and resets it: what writes is refused. */
  run(params?: BindParams): void {
    if (params != null) this.bind(params)
    this.#run()
    this.reset()
  }

  /** Before the first row again; the next step runs it anew. */
  reset(): void {
    this.#result = undefined
    this.#at = -1
  }

  free(): boolean {
    this.reset()
    this.#freed = true
    return true
  }

  freemem(): void {
    this.#params = undefined
  }

  #first(params: BindParams): void {
    if (params == null) return
    this.bind(params)
    this.step()
  }

  #run(): QueryExecResult {
    if (this.#freed) throw new ParameterError('The statement was freed: prepare it again.')
    if (this.#result === undefined) {
      const { columns, rows } = this.#db.sync.query(this.#sql, this.#params ?? undefined)
      this.#result = { columns, values: rows }
    }
    return this.#result
  }
}
