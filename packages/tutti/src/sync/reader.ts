import type { SyncReader } from '../protocol/sync-reads.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createSyncReader } from './sync-reader.ts'

/** What a page loads that was opened with `syncReads`, and no other: SQLite and a replica for its own thread. */
export async function loadSyncReader(module: WebAssembly.Module): Promise<SyncReader> {
  const sqlite = await loadSqlite({ module })
  return createSyncReader({ sqlite, clock: { mono: () => performance.now() } })
}
