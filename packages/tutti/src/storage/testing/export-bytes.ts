import { memoryBlobs } from '../../platform/simulated.ts'
import type { Sqlite } from '../../sqlite/sqlite.ts'
import { exportDatabase } from '../export.ts'
import { MemoryDevice } from '../memory-device.ts'
import type { PageSource } from '../page-source.ts'
import { ScratchDatabase } from '../scratch-database.ts'

/** What an export of `source` has in it. */
export async function exportBytes(sqlite: Sqlite, source: PageSource): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new ScratchDatabase(sqlite, new MemoryDevice())
  copy.takeOver(source)
  const file = exportDatabase(sqlite, copy.device.share(), memoryBlobs())
  copy.close()
  return new Uint8Array(await file.arrayBuffer())
}
