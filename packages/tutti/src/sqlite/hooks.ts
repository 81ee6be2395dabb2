import type { Pointer } from './exports.ts'
import type { Sqlite } from './sqlite.ts'
import { TableNames } from './table-names.ts'

/** The answers of an {@link Authorizer}. */
export const AUTHORIZE = { ok: 0, deny: 1, ignore: 2 } as const

/** One question of sqlite.org/c3ref/c_alter_table.html: an action code and what it is about. */
export type Authorizer = (
  action: number,
  arg1: string | null,
  arg2: string | null,
  database: string | null,
  /** The trigger or view inside which it happens. */
  trigger: string | null,
) => number

export type PreUpdateOperation = 'insert' | 'update' | 'delete'

/** One row about to change. Of a WITHOUT ROWID table the rowids mean nothing. */
export type PreUpdate = (
  operation: PreUpdateOperation,
  table: string,
  oldRowid: bigint,
  newRowid: bigint,
) => void

const DELETE = 9
const INSERT = 18

/**
 * SQLite's callbacks of one connection. What a callback throws is kept in {@link Thrown}.
 */
export class Hooks {
  readonly #sqlite: Sqlite
  readonly #db: Pointer
  readonly #tables: TableNames
  readonly #installed = new Map<string, Pointer>()
  #authorizer: Authorizer | null = null
  #unguarded = 0
  #progress: (() => boolean) | null = null
  #preUpdate: PreUpdate | null = null

  constructor(sqlite: Sqlite, db: Pointer) {
    this.#sqlite = sqlite
    this.#db = db
    this.#tables = new TableNames(sqlite)
  }

  setAuthorizer(authorizer: Authorizer | null): void {
    this.#authorizer = authorizer
    const pointer = authorizer === null ? 0 : this.#callback('ipipppp', this.#onAuthorize)
    this.#sqlite.exports.sqlite3_set_authorizer(this.#db, pointer, 0)
  }

  /**
   * Runs `action` with the authorizer asleep. Taking it off and on would make SQLite prepare every
   * statement anew.
   */
  unguarded<T>(action: () => T): T {
    this.#unguarded++
    try {
      return action()
    } finally {
      this.#unguarded--
    }
  }

  setProgressHandler(operations: number, handler: (() => boolean) | null): void {
    this.#progress = handler
    const pointer = handler === null ? 0 : this.#callback('ip', this.#onProgress)
    this.#sqlite.exports.sqlite3_progress_handler(this.#db, handler === null ? 0 : operations, pointer, 0)
  }

  setPreUpdateHook(hook: PreUpdate | null): void {
    this.#preUpdate = hook
    const pointer = hook === null ? 0 : this.#callback('vppippjj', this.#onPreUpdate)
    this.#sqlite.exports.sqlite3_preupdate_hook(this.#db, pointer, 0)
  }

  dispose(): void {
    this.setAuthorizer(null)
    this.setProgressHandler(0, null)
    this.setPreUpdateHook(null)
    for (const pointer of this.#installed.values()) this.#sqlite.uninstallFunction(pointer)
    this.#installed.clear()
  }

  readonly #onAuthorize = (
    _context: Pointer,
    action: number,
    arg1: Pointer,
    arg2: Pointer,
    database: Pointer,
    trigger: Pointer,
  ): number => {
    if (this.#unguarded > 0) return AUTHORIZE.ok
    try {
      const text = (pointer: Pointer) => (pointer === 0 ? null : this.#sqlite.text(pointer))
      return this.#authorizer?.(action, text(arg1), text(arg2), text(database), text(trigger)) ?? AUTHORIZE.ok
    } catch (error) {
      this.#sqlite.thrown.keep(error)
      return AUTHORIZE.deny
    }
  }

  readonly #onProgress = (): number => {
    try {
      return this.#sqlite.thrown.present || this.#progress?.() === true ? 1 : 0
    } catch (error) {
      this.#sqlite.thrown.keep(error)
      return 1
    }
  }

  readonly #onPreUpdate = (
    _context: Pointer,
    _db: Pointer,
    code: number,
    _database: Pointer,
    table: Pointer,
    oldRowid: bigint,
    newRowid: bigint,
  ): void => {
    try {
      const operation = code === INSERT ? 'insert' : code === DELETE ? 'delete' : 'update'
      this.#preUpdate?.(operation, this.#tables.at(table), oldRowid, newRowid)
    } catch (error) {
      this.#sqlite.thrown.keep(error)
      this.#sqlite.exports.sqlite3_interrupt(this.#db)
    }
  }

  /** Slots of the function table are few and never shrink: each kind is installed once, on first use. */
  #callback(signature: string, callback: (...args: never[]) => unknown): Pointer {
    let pointer = this.#installed.get(signature)
    if (pointer === undefined) {
      pointer = this.#sqlite.installFunction(signature, callback)
      this.#installed.set(signature, pointer)
    }
    return pointer
  }
}
