import type { Pointer } from '../exports.ts'
import type { Sqlite } from '../sqlite.ts'

/** Tells SQLite to copy the bytes before the call returns. */
const TRANSIENT = -1
const LARGEST_INT64 = 2n ** 63n - 1n
const SMALLEST_INT64 = -(2n ** 63n)

const encoder = new TextEncoder()

/**
 * Gives SQLite what a function returned, by the rules of parameters.
 * @throws TypeError where it is nothing that SQLite can hold
 */
export function valueOut(sqlite: Sqlite, context: Pointer, value: unknown): void {
  const { exports } = sqlite
  switch (typeof value) {
    case 'string': {
      const bytes = encoder.encode(value)
      return withCopy(sqlite, bytes, (at) =>
        exports.sqlite3_result_text(context, at, bytes.length, TRANSIENT),
      )
    }
    case 'number':
      if (Number.isSafeInteger(value)) return exports.sqlite3_result_int64(context, BigInt(value))
      return exports.sqlite3_result_double(context, value)
    case 'bigint':
      if (value > LARGEST_INT64 || value < SMALLEST_INT64) {
        throw new TypeError(`it returned ${value}, and SQLite's integers have 64 bits`)
      }
      return exports.sqlite3_result_int64(context, value)
    case 'boolean':
      return exports.sqlite3_result_int(context, value ? 1 : 0)
    default:
      if (value === null) return exports.sqlite3_result_null(context)
      if (value instanceof Uint8Array) return blobOut(sqlite, context, value)
      throw new TypeError(`it returned ${complaint(value)}`)
  }
}

/** Fails the statement. */
export function errorOut(sqlite: Sqlite, context: Pointer, message: string): void {
  const bytes = encoder.encode(message)
  withCopy(sqlite, bytes, (at) => sqlite.exports.sqlite3_result_error(context, at, bytes.length))
}

function blobOut(sqlite: Sqlite, context: Pointer, bytes: Uint8Array): void {
  const { exports } = sqlite
  // A NULL pointer would be NULL, and an empty copy has no bytes to point at.
  if (bytes.length === 0) return exports.sqlite3_result_zeroblob(context, 0)
  withCopy(sqlite, bytes, (at) => exports.sqlite3_result_blob(context, at, bytes.length, TRANSIENT))
}

function withCopy(sqlite: Sqlite, bytes: Uint8Array, use: (at: Pointer) => void): void {
  const at = sqlite.allocBytes(bytes)
  try {
    use(at)
  } finally {
    sqlite.free(at)
  }
}

function complaint(value: unknown): string {
  if (value === undefined) return 'undefined: return null for NULL'
  if (value instanceof Promise) return 'a promise: SQLite does not wait, so functions must be synchronous'
  return `a value of type ${typeof value}: return null, a number, bigint, string, boolean or Uint8Array`
}
