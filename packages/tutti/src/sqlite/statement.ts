import { ParameterError } from '../errors/errors.ts'
import type { Params, SqlValue } from '../protocol/values.ts'
import { bindValue } from './bind-value.ts'
import type { Connection } from './connection.ts'
import type { Pointer } from './exports.ts'
import { ROW } from './result-codes.ts'
import type { Sqlite } from './sqlite.ts'

const INTEGER = 1
const FLOAT = 2
const TEXT = 3
const BLOB = 4

/** A prepared statement. Made by {@link Connection.prepare}; ends with {@link finalize}. */
export class Statement {
  /** The text of this one statement. */
  readonly sql: string
  /** SQLite's own judgement (`sqlite3_stmt_readonly`); R21 says where it is not to be trusted. */
  readonly readonly: boolean
  readonly parameterCount: number
  readonly #connection: Connection
  readonly #sqlite: Sqlite
  #pointer: Pointer
  #columns: readonly string[] | undefined
  #names: readonly (string | null)[] | undefined

  /** @internal */
  constructor(connection: Connection, sqlite: Sqlite, pointer: Pointer, sql: string) {
    this.#connection = connection
    this.#sqlite = sqlite
    this.#pointer = pointer
    this.sql = sql
    this.readonly = sqlite.exports.sqlite3_stmt_readonly(pointer) !== 0
    this.parameterCount = sqlite.exports.sqlite3_bind_parameter_count(pointer)
  }

  /** Column names, empty for a statement that returns no rows. Read anew after {@link reset}: a schema may change. */
  get columns(): readonly string[] {
    const { exports } = this.#sqlite
    const count = exports.sqlite3_column_count(this.#pointer)
    if (this.#columns?.length !== count) {
      this.#columns = Array.from({ length: count }, (_, i) =>
        this.#sqlite.text(exports.sqlite3_column_name(this.#pointer, i)),
      )
    }
    return this.#columns
  }

  /** The name of parameter `i` (from 1) with its prefix; `null` for a plain `?`. */
  parameterName(i: number): string | null {
    const name = this.#sqlite.exports.sqlite3_bind_parameter_name(this.#pointer, i)
    return name === 0 ? null : this.#sqlite.text(name)
  }

  /**
   * Binds every parameter: by position, or by name with or without the prefix.
   * @throws ParameterError naming a parameter that is missing, surplus, `undefined` or of a type SQLite has not.
   */
  bind(params: Params = []): this {
    if (isPositional(params)) this.#bindPositions(params)
    else this.#bindNames(params)
    return this
  }

  /** Runs to the next row: true when there is one, false at the end. */
  step(): boolean {
    const code = this.#sqlite.exports.sqlite3_step(this.#pointer)
    if (code === ROW && !this.#sqlite.thrown.present) return true
    this.#connection.finishStep(code, this)
    return false
  }

  /** The current row. Integers past 2^53 are bigint, blobs are copies. */
  row(): SqlValue[] {
    const count = this.#sqlite.exports.sqlite3_data_count(this.#pointer)
    const row: SqlValue[] = []
    for (let i = 0; i < count; i++) row.push(this.value(i))
    return row
  }

  /** Column `i` (from 0) of the current row. */
  value(i: number): SqlValue {
    const { exports } = this.#sqlite
    const pointer = this.#pointer
    switch (exports.sqlite3_column_type(pointer, i)) {
      case INTEGER: {
        // As a double first: a bigint costs an allocation, and whatever rounds to a safe integer was one.
        const double = exports.sqlite3_column_double(pointer, i)
        return Number.isSafeInteger(double) ? double : exports.sqlite3_column_int64(pointer, i)
      }
      case FLOAT:
        return exports.sqlite3_column_double(pointer, i)
      case TEXT: {
        const text = exports.sqlite3_column_text(pointer, i)
        return this.#sqlite.text(text, exports.sqlite3_column_bytes(pointer, i))
      }
      case BLOB: {
        const blob = exports.sqlite3_column_blob(pointer, i)
        return this.#sqlite.heap.slice(blob, blob + exports.sqlite3_column_bytes(pointer, i))
      }
      default:
        return null
    }
  }

  /** All rows from here to the end, and the statement ready to run again. */
  all(params?: Params): SqlValue[][] {
    if (params !== undefined || this.parameterCount > 0) this.bind(params)
    try {
      const rows: SqlValue[][] = []
      while (this.step()) rows.push(this.row())
      return rows
    } finally {
      this.reset()
    }
  }

  /** Ends the current run, so that the statement can run again; its error, if any, was thrown by {@link step}. */
  reset(): void {
    this.#sqlite.exports.sqlite3_reset(this.#pointer)
    this.#columns = undefined
  }

  /** Forgets bound values, which otherwise stay in memory as long as the statement. */
  clear(): void {
    this.#sqlite.exports.sqlite3_clear_bindings(this.#pointer)
  }

  /** Frees the statement; calling it again does nothing. */
  finalize(): void {
    if (this.#pointer === 0) return
    this.#connection.forget(this)
    this.#sqlite.exports.sqlite3_finalize(this.#pointer)
    this.#pointer = 0
  }

  #bindPositions(params: readonly unknown[]): void {
    if (params.length !== this.parameterCount) {
      const i = Math.min(params.length, this.parameterCount) + 1
      throw new ParameterError(
        params.length < this.parameterCount
          ? `Parameter ${this.#label(i)} is missing: the statement has ${this.parameterCount}, ${params.length} were given`
          : `Parameter ${i} is surplus: the statement has ${this.parameterCount}, ${params.length} were given`,
        { sql: this.sql },
      )
    }
    for (let i = 1; i <= params.length; i++) this.#bindOne(i, params[i - 1])
  }

  #bindNames(params: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(params)
    this.#names ??= Array.from({ length: this.parameterCount }, (_, i) => this.parameterName(i + 1))
    let used = 0
    const seen = new Set<string>()
    for (const [i, name] of this.#names.entries()) {
      if (name === null) {
        throw new ParameterError(`Parameter ${i + 1} has no name: give the parameters as an array`, {
          sql: this.sql,
        })
      }
      const bare = name.slice(1)
      const key = Object.hasOwn(params, name) ? name : bare
      if (!Object.hasOwn(params, key))
        throw new ParameterError(`Parameter ${name} is missing`, { sql: this.sql })
      if (!seen.has(key)) used++
      seen.add(key)
      this.#bindOne(i + 1, params[key])
    }
    if (used === keys.length) return
    const surplus = keys.find((key) => !seen.has(key))
    throw new ParameterError(`Parameter ${surplus} is surplus: the statement has no such parameter`, {
      sql: this.sql,
    })
  }

  #bindOne(i: number, value: unknown): void {
    const code = bindValue(this.#sqlite, this.#pointer, i, value)
    if (code === undefined) {
      throw new ParameterError(`Parameter ${this.#label(i)} ${complaint(value)}`, { sql: this.sql })
    }
    if (code !== 0) throw this.#connection.failure(code, this.sql)
  }

  #label(i: number): string {
    return this.parameterName(i) ?? String(i)
  }
}

function isPositional(params: Params): params is readonly (SqlValue | boolean)[] {
  return Array.isArray(params)
}

function complaint(value: unknown): string {
  if (value === undefined) return 'is undefined: use null for NULL'
  if (typeof value === 'bigint') return `is ${value}: SQLite's integers have 64 bits`
  const type = typeof value === 'object' ? (value?.constructor?.name ?? 'object') : typeof value
  return `is of type ${type}: use null, a number, bigint, string, boolean or Uint8Array`
}
