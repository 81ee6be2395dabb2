import { browserBlobs } from '../platform/blobs.ts'
import { createBrowserPlatform } from '../platform/browser.ts'
import { isRevokedBlobUrl } from '../platform/cancellation.ts'
import { portOf } from '../platform/message-port.ts'
import { loadWithFunctions } from '../sqlite/functions/load-with-functions.ts'
import { shelfOf } from '../storage/rungs.ts'
import { roomIn, storageEnvironmentOf } from '../storage/storage-environment.ts'
import { createReplica } from './replica.ts'
import { serveMember } from './serve-member.ts'

const platform = createBrowserPlatform()
const environment = storageEnvironmentOf(globalThis, platform)

serveMember(portOf(globalThis as unknown as MessagePort), {
  platform,
  createReplica: async (module, functions) =>
    createReplica({
      sqlite: await loadWithFunctions({ module }, functions),
      clock: platform.clock,
      blobs: browserBlobs,
    }),
  adoptPort: portOf,
  isRevoked: isRevokedBlobUrl,
  shelf: (kind) => shelfOf(environment, kind),
  room: () => roomIn(environment),
})
