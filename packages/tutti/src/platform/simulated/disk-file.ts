import type { Prng } from './prng.ts'

/** Bytes of a file that a power cut keeps or loses together. */
export const SECTOR = 4096

/** What has happened to a file since its last flush. */
type Change =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

/** A growing array of bytes. */
class Image {
  #bytes = new Uint8Array(SECTOR)
  size = 0

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.size - at))
    into.set(this.#bytes.subarray(at, at + count))
    return count
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.#reserve(change.size)
      // Beyond `size` there are always zeros, so that growing again does not bring old bytes back.
      if (change.size < this.size) this.#bytes.fill(0, change.size, this.size)
      this.size = change.size
    } else {
      const end = change.at + change.bytes.length
      this.#reserve(end)
      this.#bytes.set(change.bytes, change.at)
      this.size = Math.max(this.size, end)
    }
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.size)
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** A file's content as processes see it, and as the disk would have it after a power cut. */
export class SimulatedFile {
  #seen = new Image()
  #durable = new Image()
  #unflushed: Change[] = []

  get size(): number {
    return this.#seen.size
  }

  /** How many changes a power cut could undo. */
  get unflushed(): number {
    return this.#unflushed.length
  }

  read(into: Uint8Array, at: number): number {
    return this.#seen.read(into, at)
  }

  write(from: Uint8Array, at: number): void {
    this.#change({ kind: 'write', at, bytes: from.slice() })
  }

  truncate(size: number): void {
    this.#change({ kind: 'truncate', size })
  }

  /** Flips the bits of `mask` in one byte, for good. */
  damage(at: number, mask: number): void {
    const byte = new Uint8Array(1)
    this.#seen.read(byte, at)
    const bytes = Uint8Array.of((byte[0] ?? 0) ^ mask)
    for (const image of [this.#seen, this.#durable]) image.apply({ kind: 'write', at, bytes })
  }

  flush(): void {
    for (const change of this.#unflushed) this.#durable.apply(change)
    this.#unflushed = []
  }

  /** A copy of the content. */
  bytes(): Uint8Array {
    return this.#seen.bytes()
  }

  /**
   * Keeps of what was not flushed: all, nothing, a first part, or any sectors of any writes. The last
   * is what a disk does that orders its writes as it likes.
   */
  powerCut(prng: Prng): void {
    const pieces = this.#unflushed.flatMap(sectors)
    const manner = prng.pick(['all', 'nothing', 'prefix', 'subset'] as const)
    const count = {
      all: pieces.length,
      nothing: 0,
      prefix: prng.below(pieces.length + 1),
      subset: pieces.length,
    }
    for (const piece of pieces.slice(0, count[manner])) {
      if (manner !== 'subset' || prng.chance(0.5)) this.#durable.apply(piece)
    }
    this.#unflushed = []
    this.#seen = new Image()
    this.#seen.apply({ kind: 'write', at: 0, bytes: this.#durable.bytes() })
  }

  #change(change: Change): void {
    this.#seen.apply(change)
    this.#unflushed.push(change)
  }
}

function sectors(change: Change): Change[] {
  if (change.kind === 'truncate') return [change]
  const pieces: Change[] = []
  for (let from = 0; from < change.bytes.length; ) {
    const next = (Math.floor((change.at + from) / SECTOR) + 1) * SECTOR - change.at
    pieces.push({ kind: 'write', at: change.at + from, bytes: change.bytes.subarray(from, next) })
    from = next
  }
  return pieces
}
