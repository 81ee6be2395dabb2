import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { deleteStore, openStore, type StorageEnvironment } from '../storage/rungs.ts'
import { servePrimary } from './serve-primary.ts'

/** The page's only message: the way to its member, and SQLite, compiled already. */
interface Setup {
  readonly port: MessagePort
  readonly wasm: WebAssembly.Module
}

const platform = createBrowserPlatform()
const environment: StorageEnvironment = {
  storage: navigator.storage,
  FileSystemFileHandle: globalThis.FileSystemFileHandle,
  indexedDB: globalThis.indexedDB,
  sleep: (ms) => new Promise((resolve) => platform.clock.after(ms, resolve)),
}

globalThis.onmessage = ({ data }: MessageEvent<Setup>) => {
  servePrimary(portOf(data.port), {
    platform,
    sqlite: loadSqlite({ module: data.wasm }),
    openStore: (place, rungs, onRetry) => openStore(environment, place, { rungs, onRetry }),
    deleteStore: (place, kind) => deleteStore(environment, place, kind),
    isRevoked: isRevokedBlobUrl,
  })
}
