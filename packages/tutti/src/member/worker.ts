import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { shelfOf } from '../storage/rungs.ts'
import { roomIn, storageEnvironmentOf } from '../storage/storage-environment.ts'
import { createReplica } from './replica.ts'
import { serveMember } from './serve-member.ts'

const platform = createBrowserPlatform()
const environment = storageEnvironmentOf(globalThis, platform)

serveMember(portOf(globalThis as unknown as MessagePort), {
  platform,
  createReplica: async (module) =>
    createReplica({ sqlite: await loadSqlite({ module }), clock: platform.clock }),
  adoptPort: portOf,
  isRevoked: isRevokedBlobUrl,
  shelf: (kind) => shelfOf(environment, kind),
  room: () => roomIn(environment),
})
