import type { PageDelta } from '../protocol/values.ts'
import { Connection } from '../sqlite/connection.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import {
  CHANGE_COUNTER_AT,
  READ_VERSION_AT,
  ROLLBACK_MODE,
  SCHEMA_COOKIE_AT,
  VERSION_VALID_FOR_AT,
  WRITE_VERSION_AT,
} from './database-header.ts'
import { DeviceFile } from './device-file.ts'
import { MemoryDevice } from './memory-device.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import { piecesOf } from './pieces.ts'
import { Snapshot } from './snapshot.ts'
import { VFS_NAME, vfsOf } from './vfs.ts'

/** A copy of the database in memory that only reads, kept equal to the primary's by page deltas. */
export class ReplicaFile implements PageSource {
  readonly #sqlite: Sqlite
  readonly #device = new MemoryDevice()
  readonly #name: string
  #connection: Connection | undefined
  /** The replica's own: SQLite drops its cached pages when it sees this number changed. */
  #changeCounter = 0

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
    const vfs = vfsOf(sqlite)
    this.#name = vfs.freshName()
    vfs.mount(this.#name, { main: new DeviceFile(this.#device) })
  }

  /** In pages. */
  get databaseSize(): number {
    return this.#device.size() / PAGE_SIZE
  }

  /** Changes with the schema. */
  get schemaCookie(): number {
    const word = new Uint8Array(4)
    this.#device.read(word, SCHEMA_COOKIE_AT)
    return new DataView(word.buffer).getUint32(0)
  }

  /** Memory that the copy takes. */
  get bytes(): number {
    return this.#device.size()
  }

  /** To read with; opened on first use, when the first pages are there. */
  get connection(): Connection {
    if (this.#connection !== undefined) return this.#connection
    const connection = new Connection(this.#sqlite, { file: this.#name, vfs: VFS_NAME, readonly: true })
    connection.exec('pragma temp_store = memory; pragma cache_size = -4096')
    this.#connection = connection
    return connection
  }

  /**
   * Takes over the pages of one or more commits, or a piece of a first copy. Never while a statement of
   * the connection is between its first step and its end: it would see two versions.
   */
  apply(delta: PageDelta): void {
    const { databaseSize } = delta
    const device = this.#device
    if (device.size() !== databaseSize * PAGE_SIZE) device.truncate(databaseSize * PAGE_SIZE)
    for (const { page, start, piece } of piecesOf(delta)) device.write(piece, (page - 1) * PAGE_SIZE + start)
    this.#stamp()
  }

  /** Pages `from`, `from + 1`, …, with the header as the replica keeps it. */
  readPages(from: number, count: number): PageDelta {
    const { databaseSize } = this
    const length = Math.max(0, Math.min(count, databaseSize - from + 1))
    const bytes = new Uint8Array(length * PAGE_SIZE)
    this.#device.read(bytes, (from - 1) * PAGE_SIZE)
    return { numbers: Uint32Array.from({ length }, (_, i) => from + i), bytes, databaseSize }
  }

  /** The content, to be changed apart from this. */
  share(): MemoryDevice {
    return this.#device.share()
  }

  /** This version, as it stays whatever is applied from now on. */
  snapshot(): Snapshot {
    return new Snapshot(this.#sqlite, this.#device)
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
    vfsOf(this.#sqlite).unmount(this.#name)
    this.#device.truncate(0)
  }

  /** The primary's header says WAL, which a copy has not; and its change counter may stand still. */
  #stamp(): void {
    this.#changeCounter = (this.#changeCounter + 1) >>> 0
    const word = new Uint8Array(4)
    new DataView(word.buffer).setUint32(0, this.#changeCounter)
    this.#device.write(Uint8Array.of(ROLLBACK_MODE), WRITE_VERSION_AT)
    this.#device.write(Uint8Array.of(ROLLBACK_MODE), READ_VERSION_AT)
    this.#device.write(word, CHANGE_COUNTER_AT)
    this.#device.write(word, VERSION_VALID_FOR_AT)
  }
}
