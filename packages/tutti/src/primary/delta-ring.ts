import type { PageDelta } from '../protocol/values.ts'

/** How much of the past is kept for members that missed it, bytes. */
const KEPT = 16 * 1024 * 1024

interface Entry {
  readonly version: number
  readonly delta: PageDelta
}

/** The latest page deltas without a gap, for catch-up: what is older needs a rebuild. */
export class DeltaRing {
  #entries: Entry[] = []
  #bytes = 0

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.delta.bytes.byteLength
    while (this.#bytes > KEPT) {
      const oldest = this.#entries.shift()
      if (oldest === undefined) break
      this.#bytes -= oldest.delta.bytes.byteLength
    }
  }

  clear(): void {
    this.#entries = []
    this.#bytes = 0
  }

  /** The delta that leads from version `after` to the next one. */
  next(after: number): Entry | undefined {
    const first = this.#entries[0]
    return first === undefined ? undefined : this.#entries[after + 1 - first.version]
  }

  /** True when every delta from `after` to `version` is here. */
  covers(after: number, version: number): boolean {
    if (after === version) return true
    const first = this.#entries[0]
    const last = this.#entries.at(-1)
    return first !== undefined && last !== undefined && first.version <= after + 1 && last.version >= version
  }
}
