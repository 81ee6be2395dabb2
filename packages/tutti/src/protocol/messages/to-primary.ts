import type { Call } from '../call.ts'
import { wireCallSchema } from '../packed.ts'
import { requestKeySchema } from '../request-key.ts'
import {
  count,
  either,
  flag,
  type Infer,
  nothing,
  object,
  oneOf,
  optional,
  text,
  time,
  variant,
} from '../schema.ts'
import { pageDeltaSchema, positionSchema } from '../values.ts'
import { memberInfoSchema } from './member-info.ts'

/** The next part of what a replica misses: pages from `from` on, or the deltas after a version. */
export type Want = Infer<typeof wantSchema>

const wantSchema = variant('kind', {
  /** `copy`: which of the member's copies they are for; members before 0.2 do not say. */
  pages: { from: count, copy: optional(count) },
  /**
   * `from`: how many entries of the next version's delta are here; members before 0.2 do not say, and get all its parts.
   */
  deltas: { after: count, from: optional(count) },
})

const request = {
  member: text,
  epoch: count,
  /** Rising per member; names the answer, and the ledger row unless `key` says otherwise. */
  seq: count,
  key: requestKeySchema,
  /** Every request of this member up to this one is settled (R15). */
  answered: count,
  /** Wall clock, ms: not to be started after it (R15). */
  expires: time,
  /** How long one statement may run, ms (R23). */
  timeout: time,
  /** `relaxed`: may be answered before the flush (R20). */
  durability: oneOf('full', 'relaxed'),
  /** A blob URL that is revoked when the call's signal aborts; checked while a statement runs. */
  cancelUrl: optional(text),
  /** What the app calls the reason of this write; everybody is told with its change set. */
  cause: optional(text),
  call: wireCallSchema,
}

/** From a member to the primary, on the primary's own channel, or on the port that both have in one tab. */
export type ToPrimary = Infer<typeof toPrimarySchema>

export const toPrimarySchema = variant('type', {
  join: {
    info: memberInfoSchema,
    /** Where the replica stands; `null` without one. */
    position: either(positionSchema, nothing),
    expectedIncarnation: either(text, nothing),
  },
  info: { info: memberInfoSchema },
  leave: { member: text },
  /** `asked` is the member's monotonic clock, echoed in the answer (R10). */
  lease: { member: text, epoch: count, asked: time },
  /** Reads are held from here on; `complete`: it also has the pages, and need not fetch them. */
  ack: { member: text, epoch: count, version: count, complete: flag },
  fetch: { member: text, epoch: count, want: wantSchema },
  request,
  cancel: { member: text, seq: count },
  status: { member: text, nonce: count },
  position: { member: text, position: either(positionSchema, nothing) },
  /** A replica's pages, for a new primary on memory storage (R28). */
  pages: { member: text, from: count, delta: pageDeltaSchema },
})

/** A request as its member made it, and as the primary runs it. */
export type Request = Omit<Extract<ToPrimary, { type: 'request' }>, 'call'> & { readonly call: Call }

/** What of a request that cannot be read is enough to answer it. */
export type RequestHead = Infer<typeof requestHeadSchema>

export const requestHeadSchema = object({
  type: oneOf('request'),
  member: request.member,
  epoch: request.epoch,
  seq: request.seq,
})
