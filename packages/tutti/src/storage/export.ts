import type { Sqlite } from '../sqlite/sqlite.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import { dropReserved } from './reserved-tables.ts'
import { ScratchDatabase } from './scratch-database.ts'

const PAGES_AT_ONCE = 256

/**
 * The database as a plain file in rollback mode, without Tutti's own tables, compacted; in pieces, which
 * a Blob takes as they are. Synchronous, so `source` cannot change meanwhile; takes twice its memory.
 */
export function exportDatabase(sqlite: Sqlite, source: PageSource): Uint8Array<ArrayBuffer>[] {
  const copy = new ScratchDatabase(sqlite)
  const result = new ScratchDatabase(sqlite)
  try {
    for (let from = 1; from <= source.databaseSize; from += PAGES_AT_ONCE) {
      copy.device.write(source.readPages(from, PAGES_AT_ONCE).bytes, (from - 1) * PAGE_SIZE)
    }
    copy.leaveWalMode()
    dropReserved(copy.connection)
    copy.connection.exec(`vacuum into '${result.name}'`)
    return result.device.chunks()
  } finally {
    copy.close()
    result.close()
  }
}
