import { browserBlobs } from '../platform/blobs.ts'
import type { SyncReader } from '../protocol/sync-reads.ts'
import { loadWithFunctions } from '../sqlite/functions/load-with-functions.ts'
import { createSyncReader } from './sync-reader.ts'

/** What a page loads that was opened with `syncReads`, and no other: SQLite and a replica for its own thread. */
export async function loadSyncReader(
  module: WebAssembly.Module,
  functions: string | null,
): Promise<SyncReader> {
  const sqlite = await loadWithFunctions({ module }, functions)
  return createSyncReader({ sqlite, blobs: browserBlobs, clock: { mono: () => performance.now() } })
}
