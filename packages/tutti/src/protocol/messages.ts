import type { WireError } from '../errors/wire.ts'
import type { Call } from './call.ts'
import type { RequestKey } from './request-key.ts'
import type { ChangeSet, PageDelta, Position, StatementResult, StorageKind } from './values.ts'

/** On the hello channel, whose name and shape never change: any two builds understand it (R4). */
export interface Hello {
  readonly proto: number
  readonly build: string
  readonly schema: number
}

/** What a member tells of its tab. */
export interface MemberInfo {
  readonly member: string
  readonly visible: boolean
  readonly url: string
  readonly title: string
  readonly build: string
  /** How many migrations this tab's build knows. */
  readonly schema: number
  readonly replica: 'ready' | 'building' | 'none'
  /** Writes although the database's schema is ahead of this build's (R30). */
  readonly writeWhenAhead: boolean
}

/** The primary's introduction: who it is and where it stands. */
export interface Announcement {
  readonly primary: string
  /** Counts the times that this worker opened the storage: an epoch that could not be kept is begun again. */
  readonly reign: number
  /** The member whose tab the primary worker lives in. */
  readonly host: string
  readonly incarnation: string
  readonly epoch: number
  readonly storage: StorageKind
}

/** On the channel that everyone hears. */
export type EveryoneMessage =
  /** A member asks whether there is a primary. */
  | { readonly type: 'who'; readonly member: string }
  /** A member was granted the candidate lock and is starting a primary (R6). */
  | { readonly type: 'candidate'; readonly member: string }
  | ({ readonly type: 'announce' } & Announcement)
  /** Nothing can commit before `until`, in the primary's monotonic and the wall clock (R11). */
  | { readonly type: 'current'; readonly epoch: number; readonly version: number; readonly until: Until }
  | { readonly type: 'roster'; readonly epoch: number; readonly members: readonly MemberInfo[] }
  | { readonly type: 'deleted'; readonly incarnation: string }
  /** A primary on memory storage looks for the most advanced replica (R28). */
  | { readonly type: 'positions'; readonly primary: string }

/** A moment in two clocks; it is over when the first of them says so. */
export interface Until {
  readonly mono: number
  readonly wall: number
}

/** From a member to the primary, on the primary's own channel. */
export type ToPrimary =
  | {
      readonly type: 'join'
      readonly info: MemberInfo
      /** Where the replica stands; `null` without one. */
      readonly position: Position | null
      readonly expectedIncarnation: string | null
    }
  | { readonly type: 'info'; readonly info: MemberInfo }
  | { readonly type: 'leave'; readonly member: string }
  /** `asked` is the member's monotonic clock, echoed in the answer (R10). */
  | { readonly type: 'lease'; readonly member: string; readonly epoch: number; readonly asked: number }
  /** Reads are held from here on; `complete`: it also has the pages, and need not fetch them. */
  | {
      readonly type: 'ack'
      readonly member: string
      readonly epoch: number
      readonly version: number
      readonly complete: boolean
    }
  /** The next part of what the replica misses: pages from `page` on, or the deltas after `version`. */
  | { readonly type: 'fetch'; readonly member: string; readonly epoch: number; readonly want: Want }
  | Request
  | { readonly type: 'cancel'; readonly member: string; readonly seq: number }
  | { readonly type: 'status'; readonly member: string; readonly nonce: number }
  | { readonly type: 'position'; readonly member: string; readonly position: Position | null }
  /** A replica's pages, for a new primary on memory storage (R28). */
  | { readonly type: 'pages'; readonly member: string; readonly from: number; readonly delta: PageDelta }

export type Want =
  | { readonly kind: 'pages'; readonly from: number }
  | { readonly kind: 'deltas'; readonly after: number }

export interface Request {
  readonly type: 'request'
  readonly member: string
  readonly epoch: number
  /** Rising per member; names the answer, and the ledger row unless `key` says otherwise. */
  readonly seq: number
  readonly key: RequestKey
  /** Every request of this member up to this one is settled (R15). */
  readonly answered: number
  /** Wall clock, ms: not to be started after it (R15). */
  readonly expires: number
  /** How long one statement may run, ms (R23). */
  readonly timeout: number
  /** `relaxed`: may be answered before the flush (R20). */
  readonly durability: 'full' | 'relaxed'
  /** A blob URL that is revoked when the call's signal aborts; checked while a statement runs. */
  readonly cancelUrl?: string
  readonly call: Call
}

/** From the primary to one member, on the member's own channel. */
export type ToMember =
  | ({ readonly type: 'announce' } & Announcement)
  | {
      readonly type: 'welcome'
      readonly epoch: number
      readonly position: Position
      readonly databaseSize: number
      /** What the member's replica has to do to follow. */
      readonly follow: 'current' | 'deltas' | 'rebuild'
      /** How many migrations the database has, and whether a tab is open whose build knows them all. */
      readonly schema: number
      readonly newerTab: boolean
    }
  | { readonly type: 'deleted'; readonly incarnation: string }
  | {
      readonly type: 'delta'
      readonly epoch: number
      readonly version: number
      readonly delta: PageDelta | null
      readonly changes: ChangeSet
      readonly by: string
    }
  /** Too much is unacknowledged: hold reads, acknowledge, and fetch the rest yourself (R24). */
  | {
      readonly type: 'behind'
      readonly epoch: number
      readonly version: number
      readonly changes: ChangeSet
      readonly by: string
    }
  | {
      readonly type: 'rebuild'
      readonly epoch: number
      readonly version: number
      readonly changes: ChangeSet
      readonly by: string
    }
  | { readonly type: 'stable'; readonly epoch: number; readonly version: number }
  | {
      readonly type: 'lease'
      readonly epoch: number
      readonly asked: number
      readonly now: number
      readonly version: number
      readonly stable: number
      readonly until: Until
    }
  | {
      readonly type: 'pages'
      readonly epoch: number
      readonly from: number
      readonly version: number
      readonly delta: PageDelta
      readonly last: boolean
    }
  /** A part of one version's delta; `final` is its last part, and `last` when that version is the present one. */
  | {
      readonly type: 'deltas'
      readonly epoch: number
      readonly version: number
      readonly delta: PageDelta
      readonly final: boolean
      readonly last: boolean
    }
  /** The primary no longer has what was asked for: start again from the first page. */
  | { readonly type: 'gap'; readonly epoch: number }
  | {
      readonly type: 'answer'
      readonly epoch: number
      readonly seq: number
      readonly version: number
      readonly results: readonly StatementResult[]
      readonly error?: WireError
    }
  | { readonly type: 'status'; readonly nonce: number; readonly status: PrimaryStatus }
  | { readonly type: 'send-pages'; readonly primary: string; readonly from: number }

/** What only the primary knows of the whole, for `db.status()`. */
export interface PrimaryStatus {
  readonly epoch: number
  readonly version: number
  readonly stable: number
  readonly incarnation: string
  readonly host: string
  readonly storage: StorageKind
  readonly members: readonly MemberInfo[]
  readonly queue: number
  readonly transaction: { readonly member: string; readonly openFor: number } | null
}
