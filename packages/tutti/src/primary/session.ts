import type { Channel } from '../platform/platform.ts'
import type { MemberInfo, ToMember } from '../protocol/messages.ts'

/** What the primary keeps of one member that has joined the epoch. */
export interface Session {
  readonly member: string
  info: MemberInfo
  readonly channel: Channel<ToMember>
  /** Receives page deltas; otherwise it has no replica, or fetches what it lacks by itself. */
  following: boolean
  /** Deltas sent and not acknowledged, oldest first (R24). */
  readonly unacknowledged: { readonly version: number; readonly bytes: number }[]
  /** Requests received and not answered: a repetition of one is ignored. */
  readonly inFlight: Set<number>
  /** Stops the watch on the member's life. */
  unwatch: () => void
}
