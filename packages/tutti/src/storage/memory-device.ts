import type { Device } from './device.ts'

const CHUNK = 256 * 1024

/** A file in memory, in chunks, so that it grows without copying what it holds. */
export class MemoryDevice implements Device {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  /** Chunks that another device may have as well: copied before they are written. */
  readonly #shared = new Set<Uint8Array<ArrayBuffer>>()
  #size = 0

  /**
   * A device of what comes in pieces of one size, each of a buffer of its own, which is kept as it is.
   * @param pieceAt gives the bytes from one place to another
   */
  static from(size: number, pieceAt: (from: number, to: number) => Uint8Array<ArrayBuffer>): MemoryDevice {
    const device = new MemoryDevice()
    for (let at = 0; at < size; at += CHUNK) {
      const piece = pieceAt(at, Math.min(size, at + CHUNK))
      if (piece.length === CHUNK) device.#chunks.push(piece)
      else {
        const chunk = new Uint8Array(CHUNK)
        chunk.set(piece)
        device.#chunks.push(chunk)
      }
    }
    device.#size = size
    return device
  }

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.#size - at))
    this.#each(at, count, (chunk, from, length, done) => {
      into.set(chunk.subarray(from, from + length), done)
    })
    return count
  }

  write(from: Uint8Array, at: number): number {
    const end = at + from.length
    if (end > this.#size) this.truncate(end)
    this.#own(at, end)
    this.#each(at, from.length, (chunk, into, length, done) => {
      chunk.set(from.subarray(done, done + length), into)
    })
    return from.length
  }

  truncate(size: number): void {
    const count = Math.ceil(size / CHUNK)
    while (this.#chunks.length < count) this.#chunks.push(new Uint8Array(CHUNK))
    this.#chunks.length = count
    // Beyond the end is zero, so that growing again shows nothing old.
    if (size < this.#size && size % CHUNK !== 0) {
      this.#own(size, size + 1)
      this.#chunks[count - 1]?.fill(0, size % CHUNK)
    }
    this.#size = size
  }

  size(): number {
    return this.#size
  }

  flush(): void {}

  close(): void {}

  /** Copies of the content in pieces, each of its own buffer. */
  chunks(): Uint8Array<ArrayBuffer>[] {
    return this.#chunks.map((chunk, i) => chunk.slice(0, Math.min(CHUNK, this.#size - i * CHUNK)))
  }

  /** Another device with this content, as it stays whatever is written here or there: chunks are copied on write. */
  share(): MemoryDevice {
    const other = new MemoryDevice()
    for (const chunk of this.#chunks) {
      other.#chunks.push(chunk)
      other.#shared.add(chunk)
      this.#shared.add(chunk)
    }
    other.#size = this.#size
    return other
  }

  /** Bytes of memory that it holds and `other` does not. */
  bytesBeyond(other: MemoryDevice): number {
    const theirs = new Set(other.#chunks)
    return this.#chunks.filter((chunk) => !theirs.has(chunk)).length * CHUNK
  }

  #own(from: number, end: number): void {
    if (this.#shared.size === 0) return
    for (let i = Math.floor(from / CHUNK); i * CHUNK < end; i++) {
      const chunk = this.#chunks[i]
      if (chunk !== undefined && this.#shared.delete(chunk)) this.#chunks[i] = chunk.slice()
    }
  }

  #each(
    at: number,
    length: number,
    visit: (chunk: Uint8Array<ArrayBuffer>, from: number, length: number, done: number) => void,
  ): void {
    let done = 0
    while (done < length) {
      const chunk = this.#chunks[Math.floor((at + done) / CHUNK)]
      if (chunk === undefined) return
      const from = (at + done) % CHUNK
      const part = Math.min(CHUNK - from, length - done)
      visit(chunk, from, part, done)
      done += part
    }
  }
}
