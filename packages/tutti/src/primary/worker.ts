import { browserBlobs } from '../platform/blobs.ts'
import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import type { PrimarySetup } from '../protocol/page-messages.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../protocol/recovery-messages.ts'
import { loadWithFunctions } from '../sqlite/functions/load-with-functions.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { deleteStore, openStore, quarantine } from '../storage/rungs.ts'
import { storageEnvironmentOf } from '../storage/storage-environment.ts'
import { vfsOf } from '../storage/vfs.ts'
import { createEngine } from './create-engine.ts'
import { rehearse } from './rehearse.ts'
import { servePrimary } from './serve-primary.ts'
import { serveRecovery } from './serve-recovery.ts'

const platform = createBrowserPlatform()
const environment = storageEnvironmentOf(globalThis, platform)

/** With all that needs no file yet. */
async function load(module: WebAssembly.Module, functions: string | null): Promise<Sqlite> {
  const sqlite = await loadWithFunctions({ module }, functions)
  vfsOf(sqlite)
  return sqlite
}

globalThis.onmessage = ({ data }: MessageEvent<PrimarySetup | RecoveryRequest>) => {
  const functions = data.type === 'port' ? data.functions : null
  let loading: Promise<Sqlite> | undefined
  const sqlite = () =>
    (loading ??= load(data.wasm, functions).catch((error: unknown) => {
      // Whoever waited long for its election may find now what was missing then.
      loading = undefined
      throw error
    }))
  if (data.type === 'recover') {
    const page = portOf<RecoveryAnswer, never>(globalThis as unknown as MessagePort)
    return serveRecovery(page, data, { platform, environment, sqlite })
  }
  // In good time; who waits for it is told why it failed.
  sqlite().catch(() => undefined)
  servePrimary(portOf(data.port), {
    platform,
    createEngine: async (deps) => createEngine({ ...deps, sqlite: await sqlite(), blobs: browserBlobs }),
    openStore: (place, options) => openStore(environment, place, options),
    deleteStore: (place, kind) => deleteStore(environment, place, kind),
    quarantine: (place, kind, at) => quarantine(environment, place, kind, at),
    isRevoked: isRevokedBlobUrl,
    rehearse: async (goesOn) => rehearse(platform, await sqlite(), goesOn),
  })
}
