import type { Pointer, SqliteExports } from './exports.ts'
import type { AppFunctions } from './functions/app-functions.ts'
import type { Library } from './library.ts'
import { Thrown } from './thrown.ts'

const decoder = new TextDecoder()
const encoder = new TextEncoder()
/** Below this many bytes a loop over ASCII beats the call into TextDecoder. */
const SHORT_TEXT = 32

/** One instance of the wasm module: its exports, its heap, and what is needed to talk to it. */
export class Sqlite {
  /** For the parts of this folder that need the library's own structs. */
  readonly library: Library
  readonly exports: SqliteExports
  readonly thrown = new Thrown()
  /** What every connection gets when it is opened. */
  functions: AppFunctions | undefined
  readonly #memory: WebAssembly.Memory
  #heap: Uint8Array<ArrayBuffer>
  #view: DataView

  constructor(library: Library) {
    this.library = library
    this.exports = library.wasm.exports as SqliteExports
    // The build exposes its memory; its types do not say so.
    this.#memory = (library.wasm as unknown as { memory: WebAssembly.Memory }).memory
    this.#heap = new Uint8Array(this.#memory.buffer)
    this.#view = new DataView(this.#memory.buffer)
  }

  /** SQLite's own version, e.g. `3.54.1`. */
  get version(): string {
    return this.text(this.exports.sqlite3_libversion())
  }

  /** The heap's bytes. Valid only until the next call into wasm, which may grow the memory. */
  get heap(): Uint8Array<ArrayBuffer> {
    if (this.#heap.length === 0) this.#heap = new Uint8Array(this.#memory.buffer)
    return this.#heap
  }

  /** The heap as words, under the same rule as {@link heap}. */
  get view(): DataView {
    // A memory that has grown has another buffer, and the old one is detached.
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer)
    return this.#view
  }

  /** Memory from SQLite's allocator; it throws where there is none left. */
  alloc(size: number): Pointer {
    const pointer = this.exports.sqlite3_malloc(size)
    if (pointer === 0) throw new RangeError(`SQLite has no memory left for ${size} bytes`)
    return pointer
  }

  free(pointer: Pointer): void {
    this.exports.sqlite3_free(pointer)
  }

  /** A copy of `text` in the heap, NUL-terminated, in UTF-8. The caller frees it. */
  allocText(text: string): Pointer {
    return this.allocBytes(encoder.encode(text), 1)
  }

  /** A copy of `bytes` in the heap, with `padding` zeros behind it. The caller frees it. */
  allocBytes(bytes: Uint8Array, padding = 0): Pointer {
    const pointer = this.alloc(Math.max(1, bytes.length + padding))
    const heap = this.heap
    heap.set(bytes, pointer)
    heap.fill(0, pointer + bytes.length, pointer + bytes.length + padding)
    return pointer
  }

  /** The UTF-8 text at `pointer`, `bytes` long, or up to its NUL. */
  text(pointer: Pointer, bytes?: number): string {
    const heap = this.heap
    let end = pointer + (bytes ?? 0)
    if (bytes === undefined) while (heap[end] !== 0) end++
    if (end - pointer <= SHORT_TEXT) {
      let text = ''
      let at = pointer
      for (; at < end; at++) {
        const code = heap[at] ?? 0
        if (code > 0x7f) break
        text += String.fromCharCode(code)
      }
      if (at === end) return text
    }
    return decoder.decode(heap.subarray(pointer, end))
  }

  /** Makes a JavaScript function callable from C; `signature` as Emscripten writes it: `i` int, `p` pointer, `j` int64. */
  installFunction(signature: string, callback: (...args: never[]) => unknown): Pointer {
    return this.library.wasm.installFunction(signature, callback)
  }

  uninstallFunction(pointer: Pointer): void {
    this.library.wasm.uninstallFunction(pointer)
  }
}
