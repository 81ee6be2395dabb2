import type { Params, SqlValue } from '../protocol/values.ts'
import type { Pointer } from './exports.ts'
import { type Authorizer, Hooks, type PreUpdate } from './hooks.ts'
import { CANTOPEN, DONE, OK, ROW } from './result-codes.ts'
import { RowUpdate } from './row-update.ts'
import { SqlText } from './sql-text.ts'
import type { Sqlite } from './sqlite.ts'
import { SqliteFailure } from './sqlite-failure.ts'
import { Statement } from './statement.ts'

const OPEN_READONLY = 0x1
const OPEN_READWRITE = 0x2
const OPEN_CREATE = 0x4
const PREPARE_PERSISTENT = 0x1

/** Options of `sqlite3_db_config`: name, value. */
const CONFIG = [
  [1002, 1], // foreign keys are enforced
  [1010, 1], // defensive: SQL cannot corrupt the file
  [1013, 0], // no double-quoted strings in DML
  [1014, 0], // nor in DDL
  [1017, 0], // the schema is not trusted: an imported file brings its own
] as const

export interface ConnectionOptions {
  /** A name that the VFS knows. */
  readonly file: string
  readonly vfs: string
  readonly readonly?: boolean
}

/** What {@link Connection.prepareNext} found. */
export interface PreparedNext {
  /** `null` when nothing but blanks and comments was left. */
  readonly statement: Statement | null
  /** Where the next statement begins, in code units of the script. */
  readonly tail: number
}

/** One connection to one database. Synchronous; statements made by it die with it. */
export class Connection {
  readonly sqlite: Sqlite
  readonly file: string
  readonly #pointer: Pointer
  readonly #hooks: Hooks
  readonly #out: Pointer
  readonly #statements = new Set<Statement>()
  #text: SqlText | undefined
  #rowUpdate: RowUpdate | undefined
  #open = true

  /** @throws SqliteFailure when the file cannot be opened. */
  constructor(sqlite: Sqlite, options: ConnectionOptions) {
    const { exports } = sqlite
    this.sqlite = sqlite
    this.file = options.file
    this.#out = sqlite.alloc(8)
    const file = sqlite.allocText(options.file)
    const vfs = sqlite.allocText(options.vfs)
    const flags = options.readonly === true ? OPEN_READONLY : OPEN_READWRITE | OPEN_CREATE
    const code = exports.sqlite3_open_v2(file, this.#out, flags, vfs)
    sqlite.free(file)
    sqlite.free(vfs)
    this.#pointer = sqlite.view.getUint32(this.#out, true)
    if (code !== OK) {
      if (this.#pointer !== 0) exports.sqlite3_close_v2(this.#pointer)
      sqlite.free(this.#out)
      throw new SqliteFailure(code || CANTOPEN, `SQLite cannot open ${options.file}`)
    }
    exports.sqlite3_extended_result_codes(this.#pointer, 1)
    for (const [option, value] of CONFIG) exports.sqlite3__wasm_db_config_ip(this.#pointer, option, value, 0)
    sqlite.functions?.define(this.#pointer)
    this.#hooks = new Hooks(sqlite, this.#pointer)
  }

  /** The address of the connection, for calls that need two of them. */
  get pointer(): Pointer {
    return this.#pointer
  }

  /**
   * Prepares the first statement of `sql`; what follows it is ignored.
   * @throws SqliteFailure on a syntax error, on what the authorizer denies, and on a text without a statement.
   */
  prepare(sql: string): Statement {
    const { statement } = this.prepareNext(sql, 0)
    if (statement === null) throw new SqliteFailure(1, 'There is no statement in this text', sql)
    return statement
  }

  /** Prepares the statement at `offset` of a script (code units), and says where the next one begins. */
  prepareNext(sql: string, offset: number): PreparedNext {
    const { sqlite } = this
    const text = this.#encode(sql)
    const start = text.toBytes(offset)
    const { exports } = sqlite
    const code = exports.sqlite3_prepare_v3(
      this.#pointer,
      text.pointer + start,
      text.length - start + 1,
      PREPARE_PERSISTENT,
      this.#out,
      this.#out + 4,
    )
    sqlite.thrown.rethrow()
    if (code !== OK) throw this.failure(code, sql, start)
    const view = sqlite.view
    const pointer = view.getUint32(this.#out, true)
    const tail = text.toUnits(view.getUint32(this.#out + 4, true) - text.pointer)
    if (pointer === 0) return { statement: null, tail }
    const statement = new Statement(this, sqlite, pointer, sql.slice(offset, tail))
    this.#statements.add(statement)
    return { statement, tail }
  }

  /** Runs every statement of a script, ignoring rows. For Tutti's own SQL. */
  exec(sql: string): void {
    let offset = 0
    while (offset < sql.length) {
      const { statement, tail } = this.prepareNext(sql, offset)
      try {
        while (statement?.step() === true);
      } finally {
        statement?.finalize()
      }
      if (tail <= offset) break
      offset = tail
    }
  }

  /** Prepares, runs and finalizes one statement; its rows. For Tutti's own SQL. */
  rows(sql: string, params?: Params): SqlValue[][] {
    const statement = this.prepare(sql)
    try {
      return statement.all(params)
    } finally {
      statement.finalize()
    }
  }

  /** The first column of the first row, `undefined` without a row. For Tutti's own SQL. */
  scalar(sql: string, params?: Params): SqlValue | undefined {
    return this.rows(sql, params)[0]?.[0]
  }

  /** Rows changed by the latest INSERT, UPDATE or DELETE. */
  changes(): number {
    return Number(this.sqlite.exports.sqlite3_changes64(this.#pointer))
  }

  /** Rows changed since the connection was opened. */
  totalChanges(): number {
    return Number(this.sqlite.exports.sqlite3_total_changes64(this.#pointer))
  }

  lastInsertRowid(): bigint {
    return this.sqlite.exports.sqlite3_last_insert_rowid(this.#pointer)
  }

  setLastInsertRowid(rowid: bigint): void {
    this.sqlite.exports.sqlite3_set_last_insert_rowid(this.#pointer, rowid)
  }

  /** False inside a transaction; true again once it ended, also when SQLite ended it (R18). */
  get autocommit(): boolean {
    return this.sqlite.exports.sqlite3_get_autocommit(this.#pointer) !== 0
  }

  /** Asked about every object while a statement is prepared, and about flag PRAGMAs. `null` removes it. */
  setAuthorizer(authorizer: Authorizer | null): void {
    this.#hooks.setAuthorizer(authorizer)
  }

  /** Runs Tutti's own SQL without asking the authorizer. */
  unguarded<T>(action: () => T): T {
    return this.#hooks.unguarded(action)
  }

  /** Called each time about `operations` virtual machine steps have run; returning true interrupts the statement. */
  setProgressHandler(operations: number, handler: (() => boolean) | null): void {
    this.#hooks.setProgressHandler(operations, handler)
  }

  /** Called before each row that is inserted, updated or deleted. */
  setPreUpdateHook(hook: PreUpdate | null): void {
    this.#hooks.setPreUpdateHook(hook)
  }

  /** Inside the pre-update hook of an UPDATE: how the row differs. */
  get rowUpdate(): RowUpdate {
    this.#rowUpdate ??= new RowUpdate(this.sqlite, this.#pointer)
    return this.#rowUpdate
  }

  /** Ends running statements with SQLITE_INTERRUPT. */
  interrupt(): void {
    this.sqlite.exports.sqlite3_interrupt(this.#pointer)
  }

  /** Finalizes what is left and closes; calling it again does nothing. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    for (const statement of this.#statements) statement.finalize()
    this.#text?.free()
    this.#rowUpdate?.free()
    this.#hooks.dispose()
    this.sqlite.exports.sqlite3_close_v2(this.#pointer)
    this.sqlite.free(this.#out)
  }

  /** What SQLite says about the call that just returned `code`. */
  failure(code: number, sql?: string, start = 0): SqliteFailure {
    const { exports } = this.sqlite
    const extended = exports.sqlite3_extended_errcode(this.#pointer)
    const same = (extended & 0xff) === (code & 0xff)
    const message = this.sqlite.text(
      same ? exports.sqlite3_errmsg(this.#pointer) : exports.sqlite3_errstr(code),
    )
    const offset = exports.sqlite3_error_offset(this.#pointer)
    return new SqliteFailure(same ? extended : code, message, sql, offset < 0 ? undefined : offset + start)
  }

  /** @internal A step that did not give a row: the end, or an error, which may be one that a callback threw. */
  finishStep(code: number, statement: Statement): void {
    const { thrown } = this.sqlite
    const ended = code === DONE || code === ROW
    if (ended && !thrown.present) return
    const failure = ended ? undefined : this.failure(code, statement.sql)
    statement.reset()
    try {
      thrown.rethrow()
    } catch (error) {
      // A collation that threw has given SQLite an order nevertheless, by which an index may have been written.
      if (!statement.readonly && !this.autocommit) this.unguarded(() => this.exec('rollback'))
      throw error
    }
    if (failure !== undefined) throw failure
  }

  /** @internal */
  forget(statement: Statement): void {
    this.#statements.delete(statement)
  }

  #encode(sql: string): SqlText {
    // A script is prepared one statement at a time: it is encoded once.
    if (this.#text?.sql !== sql) {
      this.#text?.free()
      this.#text = new SqlText(this.sqlite, sql)
    }
    return this.#text
  }
}
