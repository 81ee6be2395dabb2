import { InvalidImportError } from '../errors/errors.ts'
import type { Blobs } from '../platform/blobs.ts'
import type { Connection } from '../sqlite/connection.ts'
import { DONE, OK } from '../sqlite/result-codes.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { BlobDevice } from './blob-device.ts'
import { isDatabase, MAGIC } from './database-header.ts'
import type { Device } from './device.ts'
import type { MemoryDevice } from './memory-device.ts'
import { PAGE_SIZE } from './page-size.ts'
import { copyReserved, dropReserved } from './reserved-tables.ts'
import { ScratchDatabase } from './scratch-database.ts'

/** Steps of SQLite's virtual machine between two signs of life. */
const OPERATIONS = 10_000

/** Pages that are copied between two. */
const PAGES = 1000

/** A sound database, ready to become the content of another one. */
export interface ImportImage {
  readonly scratch: ScratchDatabase<Device>
  close(): void
}

/**
 * Checks a file and makes it an image in Tutti's page size, without the tables that Tutti reserves.
 * The file may have any page size, and may be in WAL mode if its log was copied into it. It becomes the image
 * itself where it has the right shape; else it is held in memory until that is made, which takes a few MiB.
 * @param onProgress called now and then
 * @throws InvalidImportError saying what is wrong with it.
 */
export function readImport(
  sqlite: Sqlite,
  file: MemoryDevice,
  blobs: Blobs,
  onProgress: () => void,
): ImportImage {
  const header = new Uint8Array(PAGE_SIZE)
  if (!isDatabase(header.subarray(0, file.read(header, 0)))) {
    throw new InvalidImportError(
      `This is not a SQLite database, or it is encrypted: it does not begin with "${MAGIC.slice(0, -1)}"`,
      { outcome: 'not-applied' },
    )
  }
  const source = new ScratchDatabase(sqlite, file)
  try {
    source.leaveWalMode()
    source.connection.setProgressHandler(OPERATIONS, () => {
      onProgress()
      return false
    })
    const problem = source.connection.scalar('pragma integrity_check(1)')
    if (problem !== 'ok') {
      throw new InvalidImportError(`The database is damaged: ${String(problem)}`, { outcome: 'not-applied' })
    }
    dropReserved(source.connection)
    // What an export gave is as it should be: another copy would be for nothing.
    const image = isInShape(source.connection) ? source : reshaped(source, new BlobDevice(blobs, onProgress))
    return { scratch: image, close: () => image.close() }
  } catch (error) {
    source.close()
    if (!(error instanceof SqliteFailure)) throw error
    throw new InvalidImportError(`SQLite cannot read this file: ${error.message}`, {
      outcome: 'not-applied',
      resultCode: error.resultCode,
      cause: error,
    })
  }
}

/** In Tutti's page size, and without pages that are free or that keep account of others. */
function isInShape(connection: Connection): boolean {
  const pragmas = ['page_size', 'auto_vacuum', 'freelist_count'].map((name) =>
    connection.scalar(`pragma ${name}`),
  )
  return String(pragmas) === String([PAGE_SIZE, 0, 0])
}

/** The same content in Tutti's page size, compacted. */
function reshaped(source: ScratchDatabase<Device>, device: Device): ScratchDatabase<Device> {
  const image = new ScratchDatabase(source.sqlite, device)
  try {
    source.connection.exec(
      `pragma page_size = ${PAGE_SIZE}; pragma auto_vacuum = none; vacuum into '${image.name}'`,
    )
  } catch (error) {
    image.close()
    throw error
  }
  source.close()
  return image
}

/**
 * Replaces the content of `live` in one transaction, by SQLite's backup API; on any failure it stays as it
 * was. Tutti's own tables and their rows are carried over first, then `amend` may change them in the image:
 * what it writes is part of the same transaction. No transaction may be open, no statement running.
 * @throws SqliteFailure, with SQLITE_FULL where there is no room.
 */
export function importInto(
  live: Connection,
  image: ImportImage,
  onProgress: () => void,
  amend: (image: Connection) => void = () => {},
): void {
  const from = image.scratch.connection
  live.unguarded(() => {
    from.exec('begin')
    copyReserved(live, from)
    amend(from)
    from.exec('commit')
    backup(from, live, onProgress)
  })
}

function backup(from: Connection, to: Connection, onProgress: () => void): void {
  const { sqlite } = to
  const { exports } = sqlite
  const main = sqlite.allocText('main')
  try {
    const pointer = exports.sqlite3_backup_init(to.pointer, main, from.pointer, main)
    if (pointer === 0) throw to.failure(1)
    let stepped = OK
    while ((stepped = exports.sqlite3_backup_step(pointer, PAGES)) === OK) onProgress()
    const finished = exports.sqlite3_backup_finish(pointer)
    if (stepped !== DONE) throw to.failure(stepped)
    if (finished !== OK) throw to.failure(finished)
  } finally {
    sqlite.free(main)
  }
}
