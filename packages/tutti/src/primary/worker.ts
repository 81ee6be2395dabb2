import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import type { PrimarySetup } from '../protocol/page-messages.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { deleteStore, openStore, quarantine, type StorageEnvironment } from '../storage/rungs.ts'
import { createEngine } from './create-engine.ts'
import { servePrimary } from './serve-primary.ts'

const platform = createBrowserPlatform()
const environment: StorageEnvironment = {
  storage: navigator.storage,
  FileSystemFileHandle: globalThis.FileSystemFileHandle,
  indexedDB: globalThis.indexedDB,
  sleep: (ms) => new Promise((resolve) => platform.clock.after(ms, resolve)),
}

globalThis.onmessage = ({ data }: MessageEvent<PrimarySetup>) => {
  const sqlite = loadSqlite({ module: data.wasm })
  servePrimary(portOf(data.port), {
    platform,
    createEngine: async (deps) => createEngine({ ...deps, sqlite: await sqlite }),
    openStore: (place, options) => openStore(environment, place, options),
    deleteStore: (place, kind) => deleteStore(environment, place, kind),
    quarantine: (place, kind, at) => quarantine(environment, place, kind, at),
    isRevoked: isRevokedBlobUrl,
  })
}
