import type { Pointer } from './exports.ts'
import type { Sqlite } from './sqlite.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A script in the heap, in UTF-8, with offsets in both units. */
export class SqlText {
  readonly sql: string
  readonly pointer: Pointer
  /** In bytes, without the closing NUL. */
  readonly length: number
  readonly #sqlite: Sqlite
  readonly #bytes: Uint8Array
  readonly #ascii: boolean

  constructor(sqlite: Sqlite, sql: string) {
    this.#sqlite = sqlite
    this.sql = sql
    this.#bytes = encoder.encode(sql)
    this.length = this.#bytes.length
    this.#ascii = this.length === sql.length
    this.pointer = sqlite.allocBytes(this.#bytes, 1)
  }

  toBytes(units: number): number {
    return this.#ascii ? units : encoder.encode(this.sql.slice(0, units)).length
  }

  toUnits(bytes: number): number {
    return this.#ascii ? bytes : decoder.decode(this.#bytes.subarray(0, bytes)).length
  }

  free(): void {
    this.#sqlite.free(this.pointer)
  }
}
