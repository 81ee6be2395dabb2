import type { Pointer } from './exports.ts'
import type { Sqlite } from './sqlite.ts'

/** Tells SQLite to copy the bytes before the call returns. */
const TRANSIENT = -1
const LARGEST_INT64 = 2n ** 63n - 1n
const SMALLEST_INT64 = -(2n ** 63n)
const SCRATCH = 4096

const encoder = new TextEncoder()
const scratches = new WeakMap<Sqlite, Pointer>()

/** Binds parameter `i`; returns SQLite's code, or `undefined` when `value` is nothing that SQLite can hold. */
export function bindValue(sqlite: Sqlite, statement: Pointer, i: number, value: unknown): number | undefined {
  const { exports } = sqlite
  switch (typeof value) {
    case 'string':
      return bindText(sqlite, statement, i, value)
    case 'number':
      if ((value | 0) === value) return exports.sqlite3_bind_int(statement, i, value)
      if (Number.isSafeInteger(value)) return exports.sqlite3_bind_int64(statement, i, BigInt(value))
      return exports.sqlite3_bind_double(statement, i, value)
    case 'bigint':
      if (value > LARGEST_INT64 || value < SMALLEST_INT64) return undefined
      return exports.sqlite3_bind_int64(statement, i, value)
    case 'boolean':
      return exports.sqlite3_bind_int(statement, i, value ? 1 : 0)
    case 'object':
      if (value === null) return exports.sqlite3_bind_null(statement, i)
      return value instanceof Uint8Array ? bindBlob(sqlite, statement, i, value) : undefined
    default:
      return undefined
  }
}

function bindText(sqlite: Sqlite, statement: Pointer, i: number, text: string): number {
  const { exports } = sqlite
  // A UTF-16 code unit takes at most three bytes in UTF-8.
  if (text.length * 3 <= SCRATCH) {
    const at = scratch(sqlite)
    return exports.sqlite3_bind_text(statement, i, at, writeText(sqlite.heap, at, text), TRANSIENT)
  }
  const bytes = encoder.encode(text)
  return withCopy(sqlite, bytes, (at) => exports.sqlite3_bind_text(statement, i, at, bytes.length, TRANSIENT))
}

/** Writes UTF-8, and says how many bytes: for ASCII a loop beats the call into TextEncoder many times over. */
function writeText(heap: Uint8Array, at: Pointer, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) {
      return i + encoder.encodeInto(text.slice(i), heap.subarray(at + i, at + SCRATCH)).written
    }
    heap[at + i] = code
  }
  return text.length
}

function bindBlob(sqlite: Sqlite, statement: Pointer, i: number, blob: Uint8Array): number {
  const { exports } = sqlite
  // A NULL pointer would bind NULL, and an empty copy has no bytes to point at.
  if (blob.length === 0) return exports.sqlite3_bind_zeroblob(statement, i, 0)
  return withCopy(sqlite, blob, (at) => exports.sqlite3_bind_blob(statement, i, at, blob.length, TRANSIENT))
}

function withCopy(sqlite: Sqlite, bytes: Uint8Array, use: (at: Pointer) => number): number {
  const at = sqlite.allocBytes(bytes)
  try {
    return use(at)
  } finally {
    sqlite.free(at)
  }
}

function scratch(sqlite: Sqlite): Pointer {
  let pointer = scratches.get(sqlite)
  if (pointer === undefined) {
    pointer = sqlite.alloc(SCRATCH)
    scratches.set(sqlite, pointer)
  }
  return pointer
}
