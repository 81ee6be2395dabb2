import type { WireError } from '../errors/wire.ts'
import type { Call } from './call.ts'
import type { Change } from './change.ts'
import type { LiveFailure, LiveStart, LiveStop, LiveUpdate } from './live.ts'
import type { ToMemberPost, ToPrimary } from './messages.ts'
import type { DatabaseNames } from './names.ts'
import type { ReplicaUpdate } from './sync-reads.ts'
import type { Migration, Statement, StatementResult, StorageKind } from './values.ts'
import type { Build } from './version.ts'

/** What a page gives its member worker at the start. */
export interface PageOptions {
  readonly user: string
  readonly name: string
  readonly build: Build
  readonly migrations: readonly Migration[]
  readonly storage: readonly StorageKind[]
  readonly durability: 'full' | 'relaxed'
  readonly replica: 'auto' | 'always' | 'never'
  /** The page keeps a copy too: it is told what the replica is. */
  readonly syncReads: boolean
  readonly stale: 'error' | 'allow'
  readonly writeWhenAhead: boolean
  /** How often a backup is made, ms, and how many are kept; `null`: none is made. */
  readonly backup: { readonly every: number; readonly keep: number } | null
  readonly url: string
  readonly title: string
  readonly visible: boolean
  /** On a phone or a tablet: a hidden tab gives way at once (R7.1). */
  readonly mobile: boolean
  /** The database that this page knew, where it starts its member anew: another is not the same (R2). */
  readonly expectedIncarnation: string | null
}

/** The same in the worker, which makes the names of them: no page has to load what that needs. */
export interface MemberOptions extends PageOptions {
  readonly names: DatabaseNames
}

/** The first and only message of a page to a primary worker: everything else comes from its member. */
export interface PrimarySetup {
  readonly type: 'port'
  readonly port: MessagePort
  readonly wasm: WebAssembly.Module
  /** Where the app's SQL functions are, if it has any. */
  readonly functions: string | null
}

/** The page's life, as far as the member must know it. */
export type Lifecycle = 'visible' | 'hidden' | 'suspended' | 'resumed'

/** Rows of a result that comes in pieces: the member keeps the rest under the name of its cursor. */
export type CursorCall =
  /** The next rows; `statement` begins it. */
  | { readonly op: 'pull'; readonly cursor: string; readonly statement: Statement | null }
  /** No more of them. */
  | { readonly op: 'release'; readonly cursor: string }

/** From the page to its member worker. */
export type ToMemberWorker =
  | {
      readonly type: 'init'
      readonly options: PageOptions
      readonly wasm: WebAssembly.Module
      /** Where the app's SQL functions are, if it has any. */
      readonly functions: string | null
    }
  | {
      readonly type: 'call'
      /** Rising per page; names the answer. */
      readonly n: number
      /** Which `Database` handle: calls of one handle take effect in order. */
      readonly handle: number
      readonly call: Call | CursorCall
      /** The app's own request id, where it gave one. */
      readonly id?: string
      /** The whole call's bound, ms. */
      readonly timeout?: number
      readonly cancelUrl?: string
      /** What the app calls the reason of this write. */
      readonly cause?: string
    }
  | LiveStart
  | LiveStop
  | { readonly type: 'cancel'; readonly n: number }
  | { readonly type: 'status'; readonly n: number }
  /** A whole copy of the database, without Tutti's own tables. */
  | { readonly type: 'export'; readonly n: number }
  | { readonly type: 'lifecycle'; readonly state: Lifecycle }
  /** The page's own copy cannot be read: a first sign of damage. */
  | { readonly type: 'damaged' }
  | { readonly type: 'title'; readonly url: string; readonly title: string }
  /** The page started the primary worker that was asked for; the port leads to it. */
  | { readonly type: 'primary-started'; readonly n: number; readonly port: MessagePort }
  /** The page terminated the primary worker, or it failed. */
  | { readonly type: 'primary-ended'; readonly n: number; readonly reason?: string }
  /** The last handle closed: leave, and answer `left`. */
  | { readonly type: 'leave' }

/** Several messages in one post are heard in their order. */
export type FromMemberPost = FromMemberWorker | readonly FromMemberWorker[]

/** From the member worker to its page. */
export type FromMemberWorker =
  | {
      readonly type: 'ready'
      readonly member: string
      readonly storage: StorageKind
      readonly version: number
      readonly incarnation: string
    }
  | { readonly type: 'failed'; readonly error: WireError }
  | {
      readonly type: 'answer'
      readonly n: number
      readonly results: readonly StatementResult[]
      readonly version: number
      /** Of a pull: there are no more rows. */
      readonly done?: boolean
      readonly error?: WireError
    }
  | {
      readonly type: 'status'
      readonly n: number
      readonly status?: MemberStatus
      readonly error?: WireError
    }
  | {
      readonly type: 'exported'
      readonly n: number
      readonly file?: Blob
      readonly error?: WireError
    }
  | {
      readonly type: 'change'
      readonly change: Change
    }
  | LiveUpdate
  | LiveFailure
  | { readonly type: 'replica'; readonly update: ReplicaUpdate }
  | { readonly type: 'event'; readonly event: 'status' | 'outdated' | 'deleted' | 'storage' }
  | { readonly type: 'start-primary'; readonly n: number }
  | { readonly type: 'terminate-primary'; readonly n: number }
  | { readonly type: 'left' }

/** `db.status()` as the member knows it; the page adds `usage` and `quota`. */
export interface MemberStatus {
  readonly tab: string
  readonly role: 'primary' | 'replica'
  readonly epoch: number
  readonly version: number
  readonly incarnation: string
  readonly storage: StorageKind
  readonly primary: { readonly tab: string } | null
  readonly members: readonly {
    readonly tab: string
    readonly role: 'primary' | 'replica'
    readonly self: boolean
    readonly visible: boolean
    readonly url: string
    readonly title: string
    readonly build: string
    /** Migrations that this tab's build knows. */
    readonly schema: number
    /** Of the primary, as last told. */
    readonly version: number
    readonly replica: 'ready' | 'building' | 'none'
  }[]
  /** Requests that wait in the primary. */
  readonly queue: number
  readonly transaction: { readonly tab: string; readonly openFor: number } | null
  /** Names of this database's Web Locks that are held now. */
  readonly locks: readonly string[]
  readonly live: number
  /** Primaries that this tab saw come after its first one. */
  readonly failovers: number
  /** Messages of other tabs that this one could not read, and dropped. */
  readonly unreadable: number
  /** Why reads go to the primary, where they do. */
  readonly replica: 'ready' | 'building' | 'none'
  /** Backups, as this tab knows of them; `null` where it was opened without `backup`. */
  readonly backup: BackupStatus | null
}

/** What became of the backups. */
export interface BackupStatus {
  /** When the newest one was made, ms since 1970, and of which version; `null` where there is none yet. */
  readonly at: number | null
  readonly version: number | null
  /** Why this tab's last attempt made none: no room, a copy that is not sound, or the storage's failure. */
  readonly problem: 'full' | 'damaged' | 'failed' | null
}

/** From a member worker to the primary worker of its own tab. */
export type ToPrimaryWorker =
  | {
      readonly type: 'start'
      readonly options: MemberOptions
      readonly member: string
      /** The id that the primary is to have. */
      readonly primary: string
      /** The database that this tab knew; another or none is not to be created anew (R2). */
      readonly expectedIncarnation: string | null
    }
  /** Give up on purpose: finish or refuse what is held, close, end (R7). */
  | { readonly type: 'hand-over' }
  /** What any other member would post to the primary's inbox. */
  | { readonly type: 'to-primary'; readonly message: ToPrimary }

/** From the primary worker to the member of its own tab. */
export type FromPrimaryWorker =
  | { readonly type: 'serving' }
  /** What any other member would hear in its inbox. */
  | { readonly type: 'to-member'; readonly post: ToMemberPost }
  /** It waits for `start`. */
  | { readonly type: 'loaded' }
  /** Work begins or goes on: sent at most each half second. Silence after it is a hang (R23). */
  | { readonly type: 'working' }
  | { readonly type: 'idle' }
  /** Another tab's message could not be read, and was dropped. */
  | { readonly type: 'unreadable' }
  /** The primary is closed and its lock released. `retry` false: another start would fail alike. */
  | { readonly type: 'ended'; readonly error?: WireError; readonly retry: boolean }
