import { InvalidImportError } from '../errors/errors.ts'
import type { Connection } from '../sqlite/connection.ts'
import { DONE, OK } from '../sqlite/result-codes.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { isDatabase, MAGIC } from './database-header.ts'
import { PAGE_SIZE } from './page-size.ts'
import { copyReserved, dropReserved } from './reserved-tables.ts'
import { ScratchDatabase } from './scratch-database.ts'

/** A sound database, ready to become the content of another one. */
export interface ImportImage {
  readonly scratch: ScratchDatabase
  close(): void
}

/**
 * Checks a file and makes it an image in Tutti's page size, without the tables that Tutti reserves.
 * The file may have any page size, and may be in WAL mode if its log was copied into it.
 * @throws InvalidImportError saying what is wrong with it.
 */
export function readImport(sqlite: Sqlite, bytes: Uint8Array): ImportImage {
  if (!isDatabase(bytes)) {
    throw new InvalidImportError(
      `This is not a SQLite database, or it is encrypted: it does not begin with "${MAGIC.slice(0, -1)}"`,
      { outcome: 'not-applied' },
    )
  }
  const source = new ScratchDatabase(sqlite)
  const image = new ScratchDatabase(sqlite)
  try {
    source.device.write(bytes, 0)
    source.leaveWalMode()
    const problem = source.connection.scalar('pragma integrity_check(1)')
    if (problem !== 'ok') {
      throw new InvalidImportError(`The database is damaged: ${String(problem)}`, { outcome: 'not-applied' })
    }
    dropReserved(source.connection)
    source.connection.exec(
      `pragma page_size = ${PAGE_SIZE}; pragma auto_vacuum = none; vacuum into '${image.name}'`,
    )
  } catch (error) {
    image.close()
    if (!(error instanceof SqliteFailure)) throw error
    throw new InvalidImportError(`SQLite cannot read this file: ${error.message}`, {
      outcome: 'not-applied',
      resultCode: error.resultCode,
      cause: error,
    })
  } finally {
    source.close()
  }
  return { scratch: image, close: () => image.close() }
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
  amend: (image: Connection) => void = () => {},
): void {
  const from = image.scratch.connection
  live.unguarded(() => {
    from.exec('begin')
    copyReserved(live, from)
    amend(from)
    from.exec('commit')
    backup(from, live)
  })
}

function backup(from: Connection, to: Connection): void {
  const { sqlite } = to
  const { exports } = sqlite
  const main = sqlite.allocText('main')
  try {
    const pointer = exports.sqlite3_backup_init(to.pointer, main, from.pointer, main)
    if (pointer === 0) throw to.failure(1)
    const stepped = exports.sqlite3_backup_step(pointer, -1)
    const finished = exports.sqlite3_backup_finish(pointer)
    if (stepped !== DONE) throw to.failure(stepped)
    if (finished !== OK) throw to.failure(finished)
  } finally {
    sqlite.free(main)
  }
}
