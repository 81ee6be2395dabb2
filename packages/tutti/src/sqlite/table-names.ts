import type { Pointer } from './exports.ts'
import type { Sqlite } from './sqlite.ts'

/**
 * Table names by their address, because the pre-update hook passes one for each row. After a schema
 * change SQLite may put another name at the same address, so the bytes are compared each time.
 */
export class TableNames {
  readonly #sqlite: Sqlite
  readonly #known = new Map<Pointer, { readonly name: string; readonly bytes: Uint8Array }>()

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
  }

  at(pointer: Pointer): string {
    const known = this.#known.get(pointer)
    const heap = this.#sqlite.heap
    if (known !== undefined) {
      const { bytes } = known
      let i = 0
      while (i < bytes.length && heap[pointer + i] === bytes[i]) i++
      if (i === bytes.length) return known.name
    }
    let end = pointer
    while (heap[end] !== 0) end++
    const name = this.#sqlite.text(pointer)
    this.#known.set(pointer, { name, bytes: heap.slice(pointer, end + 1) })
    return name
  }
}
