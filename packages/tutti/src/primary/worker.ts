import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import type { PrimarySetup } from '../protocol/page-messages.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../protocol/recovery-messages.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { deleteStore, openStore, quarantine } from '../storage/rungs.ts'
import { storageEnvironmentOf } from '../storage/storage-environment.ts'
import { createEngine } from './create-engine.ts'
import { servePrimary } from './serve-primary.ts'
import { serveRecovery } from './serve-recovery.ts'

const platform = createBrowserPlatform()
const environment = storageEnvironmentOf(globalThis, platform)

globalThis.onmessage = ({ data }: MessageEvent<PrimarySetup | RecoveryRequest>) => {
  let loading: ReturnType<typeof loadSqlite> | undefined
  const sqlite = () => (loading ??= loadSqlite({ module: data.wasm }))
  if (data.type === 'recover') {
    const page = portOf<RecoveryAnswer, never>(globalThis as unknown as MessagePort)
    return serveRecovery(page, data, { platform, environment, sqlite })
  }
  void sqlite()
  servePrimary(portOf(data.port), {
    platform,
    createEngine: async (deps) => createEngine({ ...deps, sqlite: await sqlite() }),
    openStore: (place, options) => openStore(environment, place, options),
    deleteStore: (place, kind) => deleteStore(environment, place, kind),
    quarantine: (place, kind, at) => quarantine(environment, place, kind, at),
    isRevoked: isRevokedBlobUrl,
  })
}
