import type { Pointer } from './exports.ts'
import { OK } from './result-codes.ts'
import type { Sqlite } from './sqlite.ts'

const INTEGER = 1
const FLOAT = 2
const NULL = 5

/**
 * The row that an UPDATE is about to change, before and after: `sqlite3_preupdate_old` and `_new` of
 * sqlite.org/c3ref/preupdate_blobwrite.html. Has a meaning only inside the pre-update hook.
 */
export class RowUpdate {
  readonly #sqlite: Sqlite
  readonly #db: Pointer
  readonly #out: Pointer

  constructor(sqlite: Sqlite, db: Pointer) {
    this.#sqlite = sqlite
    this.#db = db
    this.#out = sqlite.alloc(8)
  }

  /** How many columns the table has. */
  get columnCount(): number {
    return this.#sqlite.exports.sqlite3_preupdate_count(this.#db)
  }

  /** Whether column `i` (from 0) gets another value, or one of another type. True where SQLite cannot say. */
  changes(i: number): boolean {
    const { exports } = this.#sqlite
    const codes =
      exports.sqlite3_preupdate_old(this.#db, i, this.#out) |
      exports.sqlite3_preupdate_new(this.#db, i, this.#out + 4)
    if (codes !== OK) return true
    const { view } = this.#sqlite
    const before = view.getUint32(this.#out, true)
    const after = view.getUint32(this.#out + 4, true)
    const type = exports.sqlite3_value_type(before)
    if (type !== exports.sqlite3_value_type(after)) return true
    if (type === NULL) return false
    if (type === INTEGER || type === FLOAT) {
      const number = exports.sqlite3_value_double(before)
      if (number !== exports.sqlite3_value_double(after)) return true
      if (type === FLOAT || Number.isSafeInteger(number)) return false
      return exports.sqlite3_value_int64(before) !== exports.sqlite3_value_int64(after)
    }
    return this.#bytesDiffer(before, after)
  }

  free(): void {
    this.#sqlite.free(this.#out)
  }

  #bytesDiffer(before: Pointer, after: Pointer): boolean {
    const { exports } = this.#sqlite
    const length = exports.sqlite3_value_bytes(before)
    if (length !== exports.sqlite3_value_bytes(after)) return true
    const [one, other] = [exports.sqlite3_value_blob(before), exports.sqlite3_value_blob(after)]
    const { heap } = this.#sqlite
    for (let i = 0; i < length; i++) if (heap[one + i] !== heap[other + i]) return true
    return false
  }
}
