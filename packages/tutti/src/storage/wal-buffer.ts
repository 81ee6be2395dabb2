import { readUpTo, writeFully } from './checked-io.ts'
import type { Device } from './device.ts'
import { WAL_HEADER_SIZE } from './wal-format.ts'

export interface WalBufferOptions {
  /** Bytes in a piece; 256 KiB by default. */
  readonly chunkSize?: number
  /** Pieces held at once, dirty or clean: past this dirty ones spill to the device. 32 by default: 8 MiB. */
  readonly mostChunks?: number
}

interface Chunk {
  readonly data: Uint8Array
  /** The dirty range within `data`; empty when `from >= to`. */
  from: number
  to: number
}

/**
 * The WAL in memory, in large pieces, written back when a commit is complete. Each call to storage costs
 * up to 0.4 ms, and SQLite makes two small ones for each page; here a commit becomes one or two.
 * Knows bytes and ranges, not frames.
 */
export class WalBuffer {
  readonly #device: Device
  readonly #chunks = new Map<number, Chunk>()
  readonly #chunkSize: number
  readonly #mostChunks: number
  /** What the device holds, zeros written ahead included. */
  #allocated: number

  constructor(device: Device, { chunkSize = 256 * 1024, mostChunks = 32 }: WalBufferOptions = {}) {
    this.#device = device
    this.#chunkSize = chunkSize
    this.#mostChunks = mostChunks
    this.#allocated = device.size()
  }

  get allocated(): number {
    return this.#allocated
  }

  read(into: Uint8Array, at: number): number {
    const end = at + into.length
    let done = 0
    while (at + done < end) {
      const chunk = this.#chunk(Math.floor((at + done) / this.#chunkSize), false)
      const from = (at + done) % this.#chunkSize
      const part = Math.min(this.#chunkSize - from, end - at - done)
      into.set(chunk.data.subarray(from, from + part), done)
      done += part
    }
    return done
  }

  /** @throws whatever a spill to the device met. */
  write(from: Uint8Array, at: number): void {
    let done = 0
    while (done < from.length) {
      const chunk = this.#chunk(Math.floor((at + done) / this.#chunkSize), true)
      const start = (at + done) % this.#chunkSize
      const part = Math.min(this.#chunkSize - start, from.length - done)
      chunk.data.set(from.subarray(done, done + part), start)
      const clean = isClean(chunk)
      chunk.from = clean ? start : Math.min(chunk.from, start)
      chunk.to = clean ? start + part : Math.max(chunk.to, start + part)
      done += part
    }
  }

  /** Nothing from `at` on shall reach the device: it belongs to a transaction that was rolled back. */
  discardFrom(at: number): void {
    for (const [index, chunk] of this.#chunks)
      chunk.to = Math.min(chunk.to, Math.max(0, at - index * this.#chunkSize))
  }

  /** Gives the device all that is dirty, in the order of the file. */
  drain(): void {
    const dirty = [...this.#chunks].filter(([, chunk]) => !isClean(chunk))
    for (const [index, chunk] of dirty.toSorted(([a], [b]) => a - b)) {
      const at = index * this.#chunkSize
      writeFully(this.#device, chunk.data.subarray(chunk.from, chunk.to), at + chunk.from)
      this.#allocated = Math.max(this.#allocated, at + chunk.to)
      chunk.from = chunk.to = 0
    }
  }

  /** Makes sure that `size` bytes fit, by writing zeros ahead where they do not yet (R25). */
  reserve(size: number): void {
    if (this.#allocated >= size) return
    const zeros = new Uint8Array(this.#chunkSize)
    while (this.#allocated < size) {
      const part = this.#chunkSize - (this.#allocated % this.#chunkSize)
      writeFully(this.#device, zeros.subarray(0, part), this.#allocated)
      this.#allocated += part
    }
  }

  /** Empties the log: `size` bytes stay, none of them a valid header. */
  clear(size: number): void {
    this.#chunks.clear()
    if (this.#allocated > 0) writeFully(this.#device, new Uint8Array(WAL_HEADER_SIZE), 0)
    this.#device.truncate(size)
    this.#allocated = size
  }

  flush(): void {
    this.drain()
    this.#device.flush()
  }

  /** Only a write may spill: a read must not fail because the disk is full, and holds a chunk more instead. */
  #chunk(index: number, maySpill: boolean): Chunk {
    let chunk = this.#chunks.get(index)
    if (chunk !== undefined) return chunk
    if (this.#chunks.size >= this.#mostChunks) this.#evict(maySpill)
    chunk = { data: new Uint8Array(this.#chunkSize), from: 0, to: 0 }
    if (index * this.#chunkSize < this.#allocated) readUpTo(this.#device, chunk.data, index * this.#chunkSize)
    this.#chunks.set(index, chunk)
    return chunk
  }

  #evict(maySpill: boolean): void {
    if (maySpill && ![...this.#chunks.values()].some(isClean)) this.drain()
    for (const [index, chunk] of this.#chunks) {
      if (!isClean(chunk)) continue
      this.#chunks.delete(index)
      if (this.#chunks.size < this.#mostChunks) return
    }
  }
}

function isClean(chunk: Chunk): boolean {
  return chunk.from >= chunk.to
}
