import { findDamage } from '../sqlite/find-damage.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { WAL_MODE, WRITE_VERSION_AT } from '../storage/database-header.ts'
import { MemoryDevice } from '../storage/memory-device.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { PrimaryFiles } from '../storage/primary-files.ts'
import { ScratchDatabase } from '../storage/scratch-database.ts'
import { Meta } from './meta.ts'

/** The two files of a database, as they were read. */
export interface RawFiles {
  readonly main: Uint8Array
  /** Empty for a backup, which needs none. */
  readonly wal: Uint8Array
}

/**
 * A file that can be opened as a database of its own: of a new incarnation, with the ledger that was in it, so
 * that ids which it knows stay known.
 * @throws SqliteFailure where `integrity_check` finds anything, or it is no database of Tutti's.
 */
export function restoredImage(
  sqlite: Sqlite,
  { main, wal }: RawFiles,
  incarnation: string,
): Uint8Array<ArrayBuffer>[] {
  const image = new ScratchDatabase(sqlite, new MemoryDevice())
  try {
    const files = new PrimaryFiles(createMemoryStore(deviceOf(main), deviceOf(wal)))
    image.takeOver(files)
    const { connection } = image
    const problem = findDamage(connection, 'integrity_check')
    if (problem !== undefined) throw new SqliteFailure(CORRUPT, problem)
    if (Meta.incarnationIn(connection) === undefined) throw new SqliteFailure(CORRUPT, 'The file is empty')
    Meta.rename(connection, incarnation)
    image.device.write(Uint8Array.of(WAL_MODE, WAL_MODE), WRITE_VERSION_AT)
    return image.device.chunks()
  } finally {
    image.close()
  }
}

function deviceOf(bytes: Uint8Array): MemoryDevice {
  const device = new MemoryDevice()
  device.write(bytes, 0)
  return device
}
