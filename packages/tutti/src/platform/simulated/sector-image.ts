/** Bytes of a file that a power cut keeps or loses together. */
export const SECTOR = 4096

const ZEROS = new Uint8Array(SECTOR)

/**
 * The content of a file by sectors. A sector is never changed, only replaced, so that two images share what
 * they have in common; one of zeros takes no memory, as room that was reserved takes none on a disk.
 */
export class SectorImage {
  readonly #sectors: (Uint8Array | undefined)[]
  #size: number

  constructor(sectors: (Uint8Array | undefined)[] = [], size = 0) {
    this.#sectors = sectors
    this.#size = size
  }

  get size(): number {
    return this.#size
  }

  copy(): SectorImage {
    return new SectorImage(this.#sectors.slice(), this.#size)
  }

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.#size - at))
    for (let done = 0; done < count; ) {
      const from = (at + done) % SECTOR
      const length = Math.min(SECTOR - from, count - done)
      const sector = this.#sectors[Math.floor((at + done) / SECTOR)] ?? ZEROS
      into.set(sector.subarray(from, from + length), done)
      done += length
    }
    return count
  }

  /** Writes within one sector. */
  put(piece: Uint8Array, at: number): void {
    const index = Math.floor(at / SECTOR)
    const known = this.#sectors[index]
    this.#size = Math.max(this.#size, at + piece.length)
    if (known === undefined && isZero(piece)) return
    const sector = known?.slice() ?? new Uint8Array(SECTOR)
    sector.set(piece, at % SECTOR)
    while (this.#sectors.length < index) this.#sectors.push(undefined)
    this.#sectors[index] = sector
  }

  /** Beyond the end there are always zeros, so that growing again does not bring old bytes back. */
  truncate(size: number): void {
    if (size < this.#size) {
      this.#sectors.length = Math.min(this.#sectors.length, Math.ceil(size / SECTOR))
      const last = this.#sectors[Math.floor(size / SECTOR)]
      if (last !== undefined) this.#sectors[Math.floor(size / SECTOR)] = last.slice().fill(0, size % SECTOR)
    }
    this.#size = size
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size)
    this.read(bytes, 0)
    return bytes
  }
}

/** A copy of `bytes` that costs nothing where they are all zero. */
export function keep(bytes: Uint8Array): Uint8Array {
  return isZero(bytes) ? ZEROS.subarray(0, bytes.length) : bytes.slice()
}

/** Megabytes of reserved room are looked at in each run: Node compares them natively. */
const { Buffer } = globalThis as unknown as { Buffer: { compare(a: Uint8Array, b: Uint8Array): number } }

function isZero(bytes: Uint8Array): boolean {
  if (bytes.buffer === ZEROS.buffer) return true
  return bytes[0] === 0 && Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}
