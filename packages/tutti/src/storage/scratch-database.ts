import { Connection } from '../sqlite/connection.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { READ_VERSION_AT, ROLLBACK_MODE, WRITE_VERSION_AT } from './database-header.ts'
import type { Device } from './device.ts'
import { DeviceFile } from './device-file.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import { VFS_NAME, vfsOf } from './vfs.ts'

const PAGES_AT_ONCE = 256

/** A database that belongs to nobody: for exports, imports and backups. */
export class ScratchDatabase<Kind extends Device> {
  readonly sqlite: Sqlite
  readonly name: string
  readonly device: Kind
  #connection: Connection | undefined

  constructor(sqlite: Sqlite, device: Kind) {
    this.sqlite = sqlite
    this.device = device
    const vfs = vfsOf(sqlite)
    this.name = vfs.freshName()
    vfs.mount(this.name, { main: new DeviceFile(this.device) })
  }

  /** Opened on first use, when the content is there. */
  get connection(): Connection {
    if (this.#connection !== undefined) return this.#connection
    const connection = new Connection(this.sqlite, { file: this.name, vfs: VFS_NAME })
    this.#connection = connection
    connection.exec('pragma synchronous = off; pragma temp_store = memory; pragma foreign_keys = off')
    return connection
  }

  /** Takes over all pages of another database. Synchronous, so `source` cannot change meanwhile. */
  takeOver(source: PageSource): void {
    for (let from = 1; from <= source.databaseSize; from += PAGES_AT_ONCE) {
      this.device.write(source.readPages(from, PAGES_AT_ONCE).bytes, (from - 1) * PAGE_SIZE)
    }
    this.leaveWalMode()
  }

  /** A file in WAL mode cannot be opened without its log; one that is whole can be called otherwise. */
  leaveWalMode(): void {
    this.device.write(Uint8Array.of(ROLLBACK_MODE), WRITE_VERSION_AT)
    this.device.write(Uint8Array.of(ROLLBACK_MODE), READ_VERSION_AT)
  }

  close(): void {
    this.#connection?.close()
    vfsOf(this.sqlite).unmount(this.name)
    this.device.truncate(0)
  }
}
