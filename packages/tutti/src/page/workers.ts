import type { SyncReaderModule } from '../protocol/sync-reads.ts'

/**
 * The only place that names the workers' files, the reader's and the wasm: bundlers find them by these exact
 * expressions, and what they name exists in the built package.
 */
export function startMemberWorker(): Worker {
  return new Worker(new URL('../member/worker.js', import.meta.url), { type: 'module', name: 'tutti-member' })
}

export function startPrimaryWorker(): Worker {
  return new Worker(new URL('../primary/worker.js', import.meta.url), {
    type: 'module',
    name: 'tutti-primary',
  })
}

export function wasmUrl(): URL {
  return new URL('../sqlite3.wasm', import.meta.url)
}

/** A file of its own, which only pages with `syncReads` load: it has SQLite in it. */
export function importSyncReader(): Promise<SyncReaderModule> {
  return import('../sync/reader.ts')
}
