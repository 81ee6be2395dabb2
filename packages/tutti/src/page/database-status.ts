import type { MemberStatus } from '../protocol/page-messages.ts'
import type { StorageState } from './storage-state.ts'

/** What `db.status()` tells: this tab, the primary, and every other tab. */
export type DatabaseStatus = MemberStatus & Pick<StorageState, 'persisted' | 'usage' | 'quota'>
