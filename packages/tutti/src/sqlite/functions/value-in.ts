import type { SqlValue } from '../../protocol/values.ts'
import type { Pointer } from '../exports.ts'
import type { Sqlite } from '../sqlite.ts'

const INTEGER = 1
const FLOAT = 2
const TEXT = 3
const BLOB = 4

/** An argument of a function, by the rules of results: integers past 2^53 are bigint, blobs are copies. */
export function valueIn(sqlite: Sqlite, value: Pointer): SqlValue {
  const { exports } = sqlite
  switch (exports.sqlite3_value_type(value)) {
    case INTEGER: {
      const double = exports.sqlite3_value_double(value)
      return Number.isSafeInteger(double) ? double : exports.sqlite3_value_int64(value)
    }
    case FLOAT:
      return exports.sqlite3_value_double(value)
    case TEXT: {
      // First the text, then its length: the call may convert it.
      const text = exports.sqlite3_value_text(value)
      return sqlite.text(text, exports.sqlite3_value_bytes(value))
    }
    case BLOB: {
      const blob = exports.sqlite3_value_blob(value)
      return sqlite.heap.slice(blob, blob + exports.sqlite3_value_bytes(value))
    }
    default:
      return null
  }
}
