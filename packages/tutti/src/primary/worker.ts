import { browserBlobs } from '../platform/blobs.ts'
import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import type { PrimarySetup } from '../protocol/page-messages.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../protocol/recovery-messages.ts'
import { loadWithFunctions } from '../sqlite/functions/load-with-functions.ts'
import { deleteStore, openStore, quarantine } from '../storage/rungs.ts'
import { storageEnvironmentOf } from '../storage/storage-environment.ts'
import { createEngine } from './create-engine.ts'
import { servePrimary } from './serve-primary.ts'
import { serveRecovery } from './serve-recovery.ts'

const platform = createBrowserPlatform()
const environment = storageEnvironmentOf(globalThis, platform)

globalThis.onmessage = ({ data }: MessageEvent<PrimarySetup | RecoveryRequest>) => {
  const functions = data.type === 'port' ? data.functions : null
  let loading: ReturnType<typeof loadWithFunctions> | undefined
  const sqlite = () => (loading ??= loadWithFunctions({ module: data.wasm }, functions))
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
  })
}
