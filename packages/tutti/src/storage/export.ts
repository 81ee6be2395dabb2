import type { Sqlite } from '../sqlite/sqlite.ts'
import type { PageSource } from './page-source.ts'
import { dropReserved } from './reserved-tables.ts'
import { ScratchDatabase } from './scratch-database.ts'

/**
 * The database as a plain file in rollback mode, without Tutti's own tables, compacted; in pieces, which
 * a Blob takes as they are. Synchronous, so `source` cannot change meanwhile; takes twice its memory.
 */
export function exportDatabase(sqlite: Sqlite, source: PageSource): Uint8Array<ArrayBuffer>[] {
  const copy = new ScratchDatabase(sqlite)
  const result = new ScratchDatabase(sqlite)
  try {
    copy.takeOver(source)
    dropReserved(copy.connection)
    copy.connection.exec(`vacuum into '${result.name}'`)
    return result.device.chunks()
  } finally {
    copy.close()
    result.close()
  }
}
