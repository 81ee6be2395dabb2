import type { PageDelta } from '../protocol/values.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { CommittedFrames } from './wal-tap.ts'

/** The pages of a commit. `complete: false`: too many to collect, `numbers` is empty, replicas rebuild. */
export interface TappedDelta extends PageDelta {
  readonly complete: boolean
}

/** Collects what commits changed until it is taken; several commits become one delta. */
export class DeltaQueue {
  readonly #limit: number
  #delta: TappedDelta | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  add(commit: CommittedFrames, read: (commit: CommittedFrames) => PageDelta): void {
    const before = this.#delta
    const bytes = (before?.bytes.length ?? 0) + commit.frames.size * PAGE_SIZE
    if (before?.complete === false || bytes > this.#limit) {
      this.#delta = {
        numbers: new Uint32Array(),
        bytes: new Uint8Array(),
        databaseSize: commit.databaseSize,
        complete: false,
      }
      return
    }
    const delta = read(commit)
    this.#delta = { ...(before === null ? delta : merge(before, delta)), complete: true }
  }

  take(): TappedDelta | null {
    const delta = this.#delta
    this.#delta = null
    return delta
  }
}

function merge(older: PageDelta, newer: PageDelta): PageDelta {
  const pages = new Map<number, Uint8Array>()
  for (const { numbers, bytes } of [older, newer]) {
    for (const [i, page] of numbers.entries())
      pages.set(page, bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE))
  }
  const kept = [...pages].filter(([page]) => page <= newer.databaseSize).toSorted(([a], [b]) => a - b)
  const bytes = new Uint8Array(kept.length * PAGE_SIZE)
  for (const [i, [, page]] of kept.entries()) bytes.set(page, i * PAGE_SIZE)
  return { numbers: Uint32Array.from(kept, ([page]) => page), bytes, databaseSize: newer.databaseSize }
}
