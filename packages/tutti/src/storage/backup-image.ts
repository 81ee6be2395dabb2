import { findDamage } from '../sqlite/find-damage.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { MemoryDevice } from './memory-device.ts'
import type { PageSource } from './page-source.ts'
import { ScratchDatabase } from './scratch-database.ts'

/**
 * All pages of a database as they are, Tutti's own tables included, as a file in rollback mode that needs no
 * log. Synchronous, so `source` cannot change meanwhile.
 * @throws SqliteFailure (SQLITE_CORRUPT) unless `quick_check` finds it sound: a backup of damage would push a
 *   good one out.
 */
export function backupImage(sqlite: Sqlite, source: PageSource): Uint8Array<ArrayBuffer>[] {
  const scratch = new ScratchDatabase(sqlite, new MemoryDevice())
  try {
    scratch.takeOver(source)
    const problem = findDamage(scratch.connection, 'quick_check')
    if (problem !== undefined) throw new SqliteFailure(CORRUPT, problem)
    return scratch.device.chunks()
  } finally {
    scratch.close()
  }
}
