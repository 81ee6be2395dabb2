import { mark } from '../platform/marks.ts'
import type { PageDelta } from '../protocol/values.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { readUpTo, writeFully } from './checked-io.ts'
import { databasePages, emptyDatabase, isDatabase } from './database-header.ts'
import { DeltaQueue, type TappedDelta } from './delta-queue.ts'
import { Health } from './health.ts'
import { MainFile } from './main-file.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import type { Store } from './store.ts'
import type { Mount } from './vfs.ts'
import { WalBuffer, type WalBufferOptions } from './wal-buffer.ts'
import { WalFile } from './wal-file.ts'
import { FRAME_HEADER_SIZE, frameOffset } from './wal-format.ts'
import { remainsOfWal } from './wal-remains.ts'
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

/** A page as it was once written. */
export interface Remains {
  readonly page: Uint8Array
  /** It is in the database file; otherwise in the log. */
  readonly inFile: boolean
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
  readonly #reserve: number
  /** Bytes of the WAL file when it was opened. */
  readonly walFound: number
  #recovered: readonly CommittedFrames[]
  #databaseSize: number

  /**
   * Reads the WAL that an earlier primary left, and lays out a new database where there is none.
   * @throws SqliteFailure (SQLITE_CORRUPT) where pages are in neither file; device errors as they are.
   */
  constructor(store: Store, options: PrimaryFilesOptions = {}) {
    const reserve = options.walReserve ?? (store.kind === 'opfs' ? WAL_RESERVE : 0)
    this.#store = store
    this.#wal = new WalBuffer(store.wal, options.buffer)
    this.walFound = store.wal.size()
    this.#recovered = this.#tap.recover((into, at) => this.#wal.read(into, at), this.#wal.allocated)
    if (this.#recovered.length > 0) mark('commits are recovered from the log')
    this.#databaseSize = prepareMain(store, this.#recovered.at(-1), this.#tap)
    this.#deltas = new DeltaQueue(options.deltaLimit ?? 64 * 1024 * 1024)
    this.#main = new MainFile(store.main, this.#health, () => this.#commit())
    this.#walFile = new WalFile({
      buffer: this.#wal,
      tap: this.#tap,
      health: this.#health,
      reserve,
      reserveMain: (pages) => this.#main.reserve(pages),
    })
    this.#reserve = reserve
    this.#reserveRoom()
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

  /** Bytes that the WAL file has now and keeps, however often it is emptied. */
  get walKept(): number {
    return Math.min(this.#wal.allocated, this.#reserve)
  }

  /** What was committed since the last call; `null` when nothing was. Call after each COMMIT. */
  takeDelta(): TappedDelta | null {
    return this.#deltas.take()
  }

  /** Nothing is written any more, also not by closing: the files stay as they are. */
  abandon(cause: unknown): void {
    this.#health.poison(cause)
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

  /**
   * Pages that were written once and that the recovered database does not have as they are: those behind the
   * end of the log that SQLite found, then page `ownPage` as it is in the file, where the log may hide it.
   * Only those that `candidate` lets through. Ask before the first commit.
   */
  *remains(ownPage: number, candidate: (page: Uint8Array) => boolean): Generator<Remains, void, undefined> {
    const read = (into: Uint8Array, at: number) => this.#wal.read(into, at)
    const behind = remainsOfWal(read, this.#wal.allocated, this.#tap.frames + 1, candidate)
    for (const page of behind) yield { page, inFile: false }
    const page = new Uint8Array(PAGE_SIZE)
    if (ownPage > 0 && this.#main.read(page, (ownPage - 1) * PAGE_SIZE) === PAGE_SIZE)
      yield { page, inFile: true }
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
  #reserveRoom(): void {
    try {
      this.#wal.reserve(this.#reserve)
      this.#main.reserve(this.#recovered.at(-1)?.databaseSize ?? 0)
    } catch {
      // Room that cannot be had now is asked for again by the commit that needs it.
    }
  }
}

/**
 * Whether there is no database yet, or one whose first page was being written when the power went: nothing
 * but what {@link emptyDatabase} has there. That page is flushed before the log gets its first byte.
 */
export function isBlank({ main, wal }: Pick<Store, 'main' | 'wal'>): boolean {
  if (main.size() > PAGE_SIZE || wal.size() > 0) return false
  const page = new Uint8Array(PAGE_SIZE)
  const empty = emptyDatabase()
  const found = page.subarray(0, readUpTo(main, page, 0))
  return (
    (found.length < PAGE_SIZE || !isDatabase(found)) &&
    found.every((byte, i) => byte === 0 || byte === empty[i])
  )
}

/**
 * Writes the first page of a new database, and cuts off room that no commit came to use. The size of the
 * database in pages.
 */
function prepareMain(store: Store, last: CommittedFrames | undefined, tap: WalTap): number {
  const { main } = store
  if (isBlank(store)) {
    main.truncate(0)
    writeFully(main, emptyDatabase(), 0)
    main.flush()
    return 1
  }
  const header = new Uint8Array(PAGE_SIZE)
  const size = main.size()
  if (readUpTo(main, header, 0) < PAGE_SIZE)
    throw new SqliteFailure(CORRUPT, 'The file ends in its first page')
  const inFile = Math.floor(size / PAGE_SIZE)
  const pages = last?.databaseSize ?? databasePages(header) ?? inFile
  for (let page = inFile + 1; page <= pages; page++) {
    // A page leaves the log only when the file has it, flushed.
    if (tap.frameOf(page) === undefined)
      throw new SqliteFailure(CORRUPT, `The file ends after ${inFile} of ${pages} pages`)
  }
  if (last !== undefined) return pages
  // Whoever laid it out may have been stopped before it was on disk; from now on commits rely on it.
  main.flush()
  if (size > pages * PAGE_SIZE) main.truncate(pages * PAGE_SIZE)
  return pages
}
