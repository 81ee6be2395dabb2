import { wireResultsSchema } from '../packed.ts'
import {
  count,
  either,
  flag,
  type Infer,
  list,
  nothing,
  object,
  oneOf,
  optional,
  text,
  time,
  variant,
} from '../schema.ts'
import { changeSetSchema, pageDeltaSchema, positionSchema, storageKindSchema } from '../values.ts'
import { wireErrorSchema } from '../wire-error.ts'
import { announcementSchema } from './election.ts'
import { memberInfoSchema } from './member-info.ts'
import { untilSchema } from './until.ts'

/** What only the primary knows of the whole, for `db.status()`. */
export type PrimaryStatus = Infer<typeof primaryStatusSchema>

const primaryStatusSchema = object({
  epoch: count,
  version: count,
  stable: count,
  incarnation: text,
  host: text,
  storage: storageKindSchema,
  members: list(memberInfoSchema),
  queue: count,
  transaction: either(object({ member: text, openFor: time }), nothing),
})

/** A commit's version, what it touched, the member whose write it was, and what its app calls the reason. */
const commit = { epoch: count, version: count, changes: changeSetSchema, by: text, cause: optional(text) }

/** From the primary to one member, on the member's own channel, or on the port that both have in one tab. */
export type ToMember = Infer<typeof toMemberSchema>

export const toMemberSchema = variant('type', {
  announce: announcementSchema.fields,
  welcome: {
    epoch: count,
    position: positionSchema,
    databaseSize: count,
    /** What the member's replica has to do to follow. */
    follow: oneOf('current', 'deltas', 'rebuild'),
    /** How many migrations the database has, and whether a tab is open whose build knows them all. */
    schema: count,
    newerTab: flag,
    /** Takes packed calls. Primaries before 0.2 do not. */
    packs: optional(oneOf(true)),
  },
  deleted: { incarnation: text },
  delta: { ...commit, delta: either(pageDeltaSchema, nothing) },
  /** Too much is unacknowledged: hold reads, acknowledge, and fetch the rest yourself (R24). */
  behind: commit,
  rebuild: commit,
  stable: { epoch: count, version: count },
  lease: { epoch: count, asked: time, now: time, version: count, stable: count, until: untilSchema },
  pages: {
    epoch: count,
    from: count,
    version: count,
    delta: pageDeltaSchema,
    last: flag,
    /** As it was asked for; primaries before 0.2 do not say. */
    copy: optional(count),
  },
  /** A part of one version's delta; `final` is its last part, and `last` when that version is the present one. */
  deltas: {
    epoch: count,
    version: count,
    delta: pageDeltaSchema,
    final: flag,
    last: flag,
    /** As it was asked for; primaries before 0.2 do not say, and send all parts at once. */
    from: optional(count),
    /** The next part comes unasked. */
    more: optional(oneOf(true)),
  },
  /** The primary no longer has what was asked for: start again from the first page. */
  gap: { epoch: count },
  answer: {
    epoch: count,
    seq: count,
    version: count,
    results: wireResultsSchema,
    error: optional(wireErrorSchema),
  },
  status: { nonce: count, status: primaryStatusSchema },
  'send-pages': { primary: text, from: count },
})

/** Several messages in one post are heard in their order: what costs, sender and receiver, is the post. */
export type ToMemberPost = ToMember | readonly ToMember[]

/** What of an answer that cannot be read is enough to end its request. */
export type AnswerHead = Infer<typeof answerHeadSchema>

export const answerHeadSchema = object({ type: oneOf('answer'), epoch: count, seq: count })
