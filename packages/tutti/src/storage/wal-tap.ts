import {
  FRAME_HEADER_SIZE,
  FRAME_SIZE,
  type FrameHeader,
  frameOffset,
  parseFrameHeader,
  WAL_HEADER_SIZE,
  WalChain,
} from './wal-format.ts'

/** The frames of one committed transaction, by page; a page's last frame counts. */
export interface CommittedFrames {
  readonly frames: ReadonlyMap<number, number>
  /** In pages, after the commit. */
  readonly databaseSize: number
}

/**
 * Knows which frame of the WAL holds which page, from the offsets of SQLite's writes and never from their
 * order: a spilled page that changes again is overwritten in place without a header, and headers are
 * rewritten alone when a commit mends the checksums. Knows frames and pages, not devices.
 */
export class WalTap {
  /** Page to frame, of all that is committed in the present log. */
  readonly #committed = new Map<number, number>()
  /** Frame to page, of the transaction under way. */
  readonly #pending = new Map<number, number>()
  #lastHeader: (FrameHeader & { readonly frame: number }) | undefined
  #mark: (FrameHeader & { readonly frame: number }) | undefined
  #highest = 0

  /** True from the commit mark on until {@link commit}: a failure in between leaves a doubt (R17). */
  get marked(): boolean {
    return this.#mark !== undefined
  }

  /** How many frames the log has, as far as they are valid. */
  get frames(): number {
    return this.#highest
  }

  /** The log starts anew: all its frames are in the main file. */
  restart(): void {
    this.#committed.clear()
    this.#pending.clear()
    this.#lastHeader = undefined
    this.#mark = undefined
    this.#highest = 0
  }

  /**
   * A frame header is about to be written. True when the log goes back over frames seen before: those were
   * rolled back. After the commit mark it is only mended, and means nothing new.
   */
  header(frame: number, bytes: Uint8Array): boolean {
    this.#lastHeader = { frame, ...parseFrameHeader(bytes) }
    if (this.#mark !== undefined || frame > this.#highest) return false
    this.#forgetFrom(frame)
    return true
  }

  /**
   * The page of `frame` is about to be written: appended when its header came just before, otherwise
   * overwritten in place. The commit mark, if this append carries it.
   */
  page(frame: number): FrameHeader | undefined {
    const header = this.#lastHeader
    if (header?.frame !== frame) return undefined
    if (this.#mark !== undefined) throw new Error('SQLite gave up a transaction after its commit mark')
    this.#lastHeader = undefined
    this.#highest = frame
    this.#pending.set(frame, header.page)
    if (header.databaseSize > 0) this.#mark = header
    return this.#mark
  }

  /**
   * A write failed before the commit mark reached the storage: SQLite rolls the transaction back. The first
   * of its frames.
   */
  abandon(): number {
    const first = Math.min(this.#highest + 1, ...this.#pending.keys())
    this.#mark = undefined
    this.#lastHeader = undefined
    this.#forgetFrom(first)
    return first
  }

  /** The transaction is complete: its frames, or `null` when it wrote none. */
  commit(): CommittedFrames | null {
    const mark = this.#mark
    this.#lastHeader = undefined
    if (mark === undefined) return null
    const frames = new Map<number, number>()
    for (const [frame, page] of this.#pending) {
      if (page <= mark.databaseSize && (frames.get(page) ?? 0) < frame) frames.set(page, frame)
    }
    this.#pending.clear()
    this.#mark = undefined
    for (const [page, frame] of frames) this.#committed.set(page, frame)
    return { frames, databaseSize: mark.databaseSize }
  }

  /** The frame that holds the committed content of `page`; `undefined` when that is in the main file. */
  frameOf(page: number): number | undefined {
    return this.#committed.get(page)
  }

  /**
   * Reads the log of an earlier primary and takes over its committed frames. The transactions, oldest
   * first; frames after the last commit mark belong to none.
   */
  recover(read: (into: Uint8Array, at: number) => number, size: number): CommittedFrames[] {
    const header = new Uint8Array(WAL_HEADER_SIZE)
    if (size < WAL_HEADER_SIZE || read(header, 0) < WAL_HEADER_SIZE) return []
    const chain = WalChain.start(header)
    if (chain === undefined) return []
    const commits: CommittedFrames[] = []
    const bytes = new Uint8Array(FRAME_SIZE)
    for (let frame = 1; frameOffset(frame + 1) <= size; frame++) {
      if (read(bytes, frameOffset(frame)) < FRAME_SIZE) break
      if (chain.next(bytes) === undefined) break
      this.header(frame, bytes.subarray(0, FRAME_HEADER_SIZE))
      this.page(frame)
      const commit = this.commit()
      if (commit !== null) commits.push(commit)
    }
    this.#pending.clear()
    this.#lastHeader = undefined
    return commits
  }

  #forgetFrom(frame: number): void {
    for (const pending of this.#pending.keys()) if (pending >= frame) this.#pending.delete(pending)
    this.#highest = Math.min(this.#highest, frame - 1)
  }
}
