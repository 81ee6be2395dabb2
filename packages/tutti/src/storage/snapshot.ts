import { Connection } from '../sqlite/connection.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { DeviceFile } from './device-file.ts'
import type { MemoryDevice } from './memory-device.ts'
import { VFS_NAME, vfsOf } from './vfs.ts'

/**
 * One version of a database in memory, to read while the database goes on. It takes no memory but that of the
 * pieces which were written meanwhile: they are copied then, for it to keep the old ones.
 */
export class Snapshot {
  readonly connection: Connection
  readonly #source: MemoryDevice
  readonly #device: MemoryDevice
  readonly #unmount: () => void

  /** @throws SqliteFailure where it cannot be opened */
  constructor(sqlite: Sqlite, source: MemoryDevice) {
    const vfs = vfsOf(sqlite)
    const name = vfs.freshName()
    this.#source = source
    this.#device = source.share()
    this.#unmount = () => vfs.unmount(name)
    vfs.mount(name, { main: new DeviceFile(this.#device) })
    this.connection = new Connection(sqlite, { file: name, vfs: VFS_NAME, readonly: true })
    this.connection.exec('pragma temp_store = memory; pragma cache_size = -4096')
  }

  /** Memory that is kept for it alone, bytes. */
  get kept(): number {
    return this.#device.bytesBeyond(this.#source)
  }

  close(): void {
    this.connection.close()
    this.#unmount()
    this.#device.truncate(0)
  }
}
