import { mark } from '../platform/marks.ts'
import type { PageDelta } from '../protocol/values.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { readUpTo, writeFully } from './checked-io.ts'
import { databasePages, emptyDatabase } from './database-header.ts'
import { DeltaQueue, type TappedDelta } from './delta-queue.ts'
import type { Device } from './device.ts'
import { Health } from './health.ts'
import { MainFile } from './main-file.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import type { Store } from './store.ts'
import type { Mount } from './vfs.ts'
import { WalBuffer, type WalBufferOptions } from './wal-buffer.ts'
import { WalFile } from './wal-file.ts'
import { FRAME_HEADER_SIZE, frameOffset } from './wal-format.ts'
import { type CommittedFrames, WalTap } from './wal-tap.ts'

/** Room for the 1000 frames after which a checkpoint is due, and 140 more. */
const WAL_RESERVE = 4608 * 1024

export interface PrimaryFilesOptions {
  /** Bytes kept free for the WAL, so that a DELETE works when the quota is full (R25). */
  readonly walReserve?: number
  /** Past this many bytes a commit's pages are not collected: replicas must rebuild. Default 64 MiB. */
  readonly deltaLimit?: number
  readonly buffer?: WalBufferOptions
}

/**
 * The two files of the one writer: what SQLite mounts, what each commit changed, and the committed pages
 * as they are now. Knows no SQL.
 */
export class PrimaryFiles implements PageSource {
  readonly #store: Store
  readonly #health = new Health()
  readonly #tap = new WalTap()
  readonly #wal: WalBuffer
  readonly #main: MainFile
  readonly #walFile: WalFile
  readonly #deltas: DeltaQueue
  #recovered: readonly CommittedFrames[]
  #databaseSize: number

  /**
   * Reads the WAL that an earlier primary left, and lays out a new database where there is none.
   * @throws SqliteFailure (SQLITE_CORRUPT) where the WAL has commits but the file is gone; device errors as they are.
   */
  constructor(store: Store, options: PrimaryFilesOptions = {}) {
    const reserve = options.walReserve ?? (store.kind === 'opfs' ? WAL_RESERVE : 0)
    this.#store = store
    this.#wal = new WalBuffer(store.wal, options.buffer)
    this.#recovered = this.#tap.recover((into, at) => this.#wal.read(into, at), this.#wal.allocated)
    if (this.#recovered.length > 0) mark('commits are recovered from the log')
    this.#databaseSize = prepareMain(store.main, this.#recovered.at(-1))
    this.#deltas = new DeltaQueue(options.deltaLimit ?? 64 * 1024 * 1024)
    this.#main = new MainFile(store.main, this.#health, () => this.#commit())
    this.#walFile = new WalFile({
      buffer: this.#wal,
      tap: this.#tap,
      health: this.#health,
      reserve,
      reserveMain: (pages) => this.#main.reserve(pages),
    })
    this.#reserveRoom(reserve)
  }

  get mount(): Mount {
    return { main: this.#main, wal: this.#walFile }
  }

  /** True once nothing may be answered any more and the database must be reopened (R17). */
  get poisoned(): boolean {
    return this.#health.poisoned || this.#tap.marked
  }

  /** The error behind {@link poisoned}, where there was one. */
  get cause(): unknown {
    return this.#health.cause
  }

  /** Size of the database as last committed, in pages. */
  get databaseSize(): number {
    return this.#databaseSize
  }

  /** Bytes of the WAL file: a large one is cut back by the checkpoint. */
  get walSize(): number {
    return this.#wal.allocated
  }

  /** What was committed since the last call; `null` when nothing was. Call after each COMMIT. */
  takeDelta(): TappedDelta | null {
    return this.#deltas.take()
  }

  /** The store's durability point. A failure poisons. */
  flush(): void | Promise<void> {
    const fail = (error: unknown): never => {
      this.#health.poison(error)
      throw error
    }
    try {
      return this.#store.flush()?.catch(fail)
    } catch (error) {
      return fail(error)
    }
  }

  /**
   * The commits that were in the WAL at the start, oldest first, as far as their pages stay below `limit`
   * bytes: what a new primary can serve to replicas that lag behind. Empty after its own first commit.
   */
  recovered(limit = 8 * 1024 * 1024): PageDelta[] {
    const deltas: PageDelta[] = []
    let bytes = 0
    for (const commit of this.#recovered.toReversed()) {
      bytes += commit.frames.size * PAGE_SIZE
      if (bytes > limit) break
      deltas.unshift(this.#readFrames(commit))
    }
    return deltas
  }

  /** Committed pages `from`, `from + 1`, … up to `count` of them or the end; never call it inside a transaction. */
  readPages(from: number, count: number): PageDelta {
    const databaseSize = this.#databaseSize
    const length = Math.max(0, Math.min(count, databaseSize - from + 1))
    const numbers = Uint32Array.from({ length }, (_, i) => from + i)
    const bytes = new Uint8Array(length * PAGE_SIZE)
    // One read of the file for all, then what is newer in the WAL over it.
    this.#main.read(bytes, (from - 1) * PAGE_SIZE)
    for (let i = 0; i < length; i++) {
      const frame = this.#tap.frameOf(from + i)
      if (frame !== undefined) this.#readFrame(frame, bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE))
    }
    return { numbers, bytes, databaseSize }
  }

  #commit(): void {
    if (!this.#tap.marked) return
    try {
      this.#wal.drain()
      const frames = this.#tap.commit()
      if (frames === null) return
      this.#databaseSize = frames.databaseSize
      this.#recovered = []
      this.#deltas.add(frames, (each) => this.#readFrames(each))
    } catch (error) {
      this.#health.poison(error)
      throw error
    }
  }

  #readFrames(commit: CommittedFrames): PageDelta {
    const numbers = Uint32Array.from(commit.frames.keys()).toSorted()
    const bytes = new Uint8Array(numbers.length * PAGE_SIZE)
    for (const [i, page] of numbers.entries()) {
      this.#readFrame(commit.frames.get(page) ?? 0, bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE))
    }
    return { numbers: numbers, bytes, databaseSize: commit.databaseSize }
  }

  #readFrame(frame: number, into: Uint8Array): void {
    this.#wal.read(into, frameOffset(frame) + FRAME_HEADER_SIZE)
  }

  /** A database that was opened with the quota full must still open. */
  #reserveRoom(reserve: number): void {
    try {
      this.#wal.reserve(reserve)
      this.#main.reserve(this.#recovered.at(-1)?.databaseSize ?? 0)
    } catch {
      // Room that cannot be had now is asked for again by the commit that needs it.
    }
  }
}

/**
 * Writes the first page of a new database, and cuts off room that no commit came to use. The size of the
 * database in pages.
 */
function prepareMain(main: Device, last: CommittedFrames | undefined): number {
  const header = new Uint8Array(PAGE_SIZE)
  const size = main.size()
  const found = readUpTo(main, header, 0)
  const blank = found < PAGE_SIZE || (size === PAGE_SIZE && header.every((byte) => byte === 0))
  if (blank && last !== undefined) {
    throw new SqliteFailure(CORRUPT, 'The WAL has commits, but the database file is gone')
  }
  if (blank) {
    main.truncate(0)
    writeFully(main, emptyDatabase(), 0)
    main.flush()
    return 1
  }
  if (last !== undefined) return last.databaseSize
  // Whoever laid it out may have been stopped before it was on disk; from now on commits rely on it.
  main.flush()
  const pages = databasePages(header) ?? Math.floor(size / PAGE_SIZE)
  if (size > pages * PAGE_SIZE) main.truncate(pages * PAGE_SIZE)
  return pages
}
