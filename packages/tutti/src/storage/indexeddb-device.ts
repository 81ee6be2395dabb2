import type { Device } from './device.ts'

/** Bytes in a record: small enough that a commit rewrites little, large enough to load in few records. */
export const BLOCK_SIZE = 16 * 1024

/** What a flush has to write. */
export interface DirtyBlocks {
  readonly size: number
  readonly blocks: readonly (readonly [index: number, bytes: Uint8Array<ArrayBuffer>])[]
}

/** A file held whole in memory, in blocks, that knows which of them its store has not written yet. */
export class IndexedDbDevice implements Device {
  readonly #blocks: Uint8Array<ArrayBuffer>[]
  readonly #dirty = new Set<number>()
  #size: number
  #resized = false

  constructor(blocks: Uint8Array<ArrayBuffer>[] = [], size = 0) {
    this.#blocks = blocks
    this.#size = size
  }

  /** Whether there is something to write. */
  get dirty(): boolean {
    return this.#resized || this.#dirty.size > 0
  }

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.#size - at))
    for (let done = 0; done < count; ) {
      const from = (at + done) % BLOCK_SIZE
      const part = Math.min(BLOCK_SIZE - from, count - done)
      const block = this.#blocks[Math.floor((at + done) / BLOCK_SIZE)]
      if (block !== undefined) into.set(block.subarray(from, from + part), done)
      done += part
    }
    return count
  }

  write(from: Uint8Array, at: number): number {
    if (at + from.length > this.#size) this.truncate(at + from.length)
    for (let done = 0; done < from.length; ) {
      const index = Math.floor((at + done) / BLOCK_SIZE)
      const into = (at + done) % BLOCK_SIZE
      const part = Math.min(BLOCK_SIZE - into, from.length - done)
      this.#blocks[index]?.set(from.subarray(done, done + part), into)
      this.#dirty.add(index)
      done += part
    }
    return from.length
  }

  truncate(size: number): void {
    const count = Math.ceil(size / BLOCK_SIZE)
    for (let i = this.#blocks.length; i < count; i++) {
      this.#blocks.push(new Uint8Array(BLOCK_SIZE))
      this.#dirty.add(i)
    }
    for (let i = count; i < this.#blocks.length; i++) this.#dirty.delete(i)
    this.#blocks.length = count
    if (size < this.#size && size % BLOCK_SIZE !== 0) {
      this.#blocks[count - 1]?.fill(0, size % BLOCK_SIZE)
      this.#dirty.add(count - 1)
    }
    this.#resized ||= size !== this.#size
    this.#size = size
  }

  size(): number {
    return this.#size
  }

  /** Durability belongs to the store: one transaction for both files. */
  flush(): void {}

  close(): void {}

  /** What changed since the last call. The blocks are the live ones: store copies before the next write. */
  takeDirty(): DirtyBlocks {
    const blocks = [...this.#dirty].map(
      (index) => [index, this.#blocks[index] ?? new Uint8Array(BLOCK_SIZE)] as const,
    )
    this.#dirty.clear()
    this.#resized = false
    return { size: this.#size, blocks }
  }
}
