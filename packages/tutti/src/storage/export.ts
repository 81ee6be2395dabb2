import type { Blobs } from '../platform/blobs.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { BlobDevice } from './blob-device.ts'
import type { MemoryDevice } from './memory-device.ts'
import { dropReserved } from './reserved-tables.ts'
import { ScratchDatabase } from './scratch-database.ts'

/** What a Blob of a database is called (iana.org/assignments/media-types). */
const TYPE = 'application/vnd.sqlite3'

/**
 * The database as a plain file in rollback mode, without Tutti's own tables, compacted. Beside `source` it takes
 * a few MiB of memory: what is made goes into Blobs as it is made.
 * @param source a database in rollback mode, for this alone: share one that is to stay as it is
 */
export function exportDatabase(sqlite: Sqlite, source: MemoryDevice, blobs: Blobs): Blob {
  const copy = new ScratchDatabase(sqlite, source)
  const result = new ScratchDatabase(sqlite, new BlobDevice(blobs))
  try {
    dropReserved(copy.connection)
    copy.connection.exec(`vacuum into '${result.name}'`)
    return result.device.toBlob(TYPE)
  } finally {
    copy.close()
    result.close()
  }
}
