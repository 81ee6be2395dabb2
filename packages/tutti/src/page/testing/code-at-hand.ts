import { ExclusiveTurns } from '../exclusive-turns.ts'
import { readImport } from '../import-bytes.ts'
import type { CodeOnDemand, ExclusiveCode } from '../page-environment.ts'
import { recoverWith } from '../recovery.ts'
import { SyncCopy } from '../sync/sync-copy.ts'

/** Everything that a page would load when it is called for, loaded. */
export function codeAtHand(locks: ExclusiveCode['locks']): CodeOnDemand {
  return {
    exclusive: () => Promise.resolve({ ExclusiveTurns, locks }),
    import: () => Promise.resolve({ readImport }),
    syncReads: () => Promise.resolve({ SyncCopy }),
    recovery: () => Promise.resolve({ recoverWith }),
  }
}
