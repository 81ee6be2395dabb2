import type { Prng } from './prng.ts'
import { keep, SECTOR, SectorImage } from './sector-image.ts'

/** What has happened to a file since its last flush, sector by sector. */
type Change =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

/** A file's content as processes see it, and as the disk would have it after a power cut. */
export class SimulatedFile {
  #seen = new SectorImage()
  #durable = new SectorImage()
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
    for (let done = 0; done < from.length; ) {
      const length = Math.min(SECTOR - ((at + done) % SECTOR), from.length - done)
      this.#change({ kind: 'write', at: at + done, bytes: keep(from.subarray(done, done + length)) })
      done += length
    }
  }

  truncate(size: number): void {
    this.#change({ kind: 'truncate', size })
  }

  /** Flips the bits of `mask` in one byte, for good. */
  damage(at: number, mask: number): void {
    const byte = new Uint8Array(1)
    this.#seen.read(byte, at)
    const bytes = Uint8Array.of((byte[0] ?? 0) ^ mask)
    for (const image of [this.#seen, this.#durable]) image.put(bytes, at)
  }

  flush(): void {
    if (this.#unflushed.length === 0) return
    this.#durable = this.#seen.copy()
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
    const changes = this.#unflushed
    const manner = prng.pick(['all', 'nothing', 'prefix', 'subset'] as const)
    const count = {
      all: changes.length,
      nothing: 0,
      prefix: prng.below(changes.length + 1),
      subset: changes.length,
    }
    for (const change of changes.slice(0, count[manner])) {
      if (manner !== 'subset' || prng.chance(0.5)) apply(this.#durable, change)
    }
    this.#unflushed = []
    this.#seen = this.#durable.copy()
  }

  #change(change: Change): void {
    apply(this.#seen, change)
    this.#unflushed.push(change)
  }
}

function apply(image: SectorImage, change: Change): void {
  if (change.kind === 'truncate') image.truncate(change.size)
  else image.put(change.bytes, change.at)
}
