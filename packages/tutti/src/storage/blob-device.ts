import type { Blobs } from '../platform/blobs.ts'
import type { Device } from './device.ts'

const PIECE = 1024 * 1024
const MOST_IN_MEMORY = 8

/**
 * A file in pieces, of which those used last are in memory and the others are Blobs. It is for what is written
 * once from its beginning to its end, such as what VACUUM INTO makes: each step back to a piece that is not
 * there any more makes a Blob anew.
 */
export class BlobDevice implements Device {
  readonly #blobs: Blobs
  readonly #onPiece: () => void
  readonly #kept: (Blob | undefined)[] = []
  /** The one used last is the last one. */
  readonly #present = new Map<number, { readonly bytes: Uint8Array<ArrayBuffer>; dirty: boolean }>()
  #size = 0

  /** @param onPiece called for each piece that is put away or fetched: a sign of life */
  constructor(blobs: Blobs, onPiece: () => void = () => {}) {
    this.#blobs = blobs
    this.#onPiece = onPiece
  }

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.#size - at))
    this.#each(at, count, (piece, from, length, done) => {
      into.set(piece.subarray(from, from + length), done)
    })
    return count
  }

  write(from: Uint8Array, at: number): number {
    this.#size = Math.max(this.#size, at + from.length)
    this.#each(
      at,
      from.length,
      (piece, into, length, done) => piece.set(from.subarray(done, done + length), into),
      true,
    )
    return from.length
  }

  truncate(size: number): void {
    const count = Math.ceil(size / PIECE)
    this.#kept.length = Math.min(this.#kept.length, count)
    for (const index of [...this.#present.keys()]) if (index >= count) this.#present.delete(index)
    // Beyond the end is zero, so that growing again shows nothing old.
    if (size < this.#size && size % PIECE !== 0) {
      const end = size % PIECE
      this.#each(size, PIECE - end, (piece, from) => piece.fill(0, from), true)
    }
    this.#size = size
  }

  size(): number {
    return this.#size
  }

  flush(): void {}

  close(): void {}

  /** The whole content. What is in memory now is put away first. */
  toBlob(type: string): Blob {
    for (const index of [...this.#present.keys()]) this.#putAway(index)
    const count = Math.ceil(this.#size / PIECE)
    const pieces = Array.from({ length: count }, (_, i) => this.#kept[i] ?? new Uint8Array(PIECE))
    const whole = new Blob(pieces)
    return whole.slice(0, this.#size, type)
  }

  #each(
    at: number,
    length: number,
    visit: (piece: Uint8Array<ArrayBuffer>, from: number, length: number, done: number) => void,
    writes = false,
  ): void {
    for (let done = 0; done < length; ) {
      const from = (at + done) % PIECE
      const part = Math.min(PIECE - from, length - done)
      const piece = this.#fetch(Math.floor((at + done) / PIECE))
      piece.dirty ||= writes
      visit(piece.bytes, from, part, done)
      done += part
    }
  }

  #fetch(index: number): { readonly bytes: Uint8Array<ArrayBuffer>; dirty: boolean } {
    let piece = this.#present.get(index)
    if (piece !== undefined) this.#present.delete(index)
    else {
      const [oldest] = this.#present.keys()
      if (oldest !== undefined && this.#present.size >= MOST_IN_MEMORY) this.#putAway(oldest)
      const blob = this.#kept[index]
      const bytes = blob === undefined ? new Uint8Array(PIECE) : this.#blobs.read(blob, 0, PIECE)
      if (blob !== undefined) this.#onPiece()
      piece = { bytes, dirty: false }
    }
    this.#present.set(index, piece)
    return piece
  }

  #putAway(index: number): void {
    const piece = this.#present.get(index)
    this.#present.delete(index)
    if (piece?.dirty !== true) return
    this.#kept[index] = this.#blobs.make(piece.bytes)
    this.#onPiece()
  }
}
