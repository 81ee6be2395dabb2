import { count, type Infer, object, text, variant } from '../schema.ts'
import { storageKindSchema } from '../values.ts'

/** The primary's introduction: who it is and where it stands. */
export type Announcement = Infer<typeof announcementSchema>

export const announcementSchema = object({
  primary: text,
  /** Counts the times that this worker opened the storage: an epoch that could not be kept is begun again. */
  reign: count,
  /** The member whose tab the primary worker lives in. */
  host: text,
  incarnation: text,
  epoch: count,
  storage: storageKindSchema,
})

/** What shows that there is a primary, or that one is being started. */
export const electionMessages = {
  /** A member asks whether there is a primary. */
  who: { member: text },
  /** A member was granted the candidate lock and is starting a primary (R6). */
  candidate: { member: text },
  announce: announcementSchema.fields,
}

/**
 * The part of what everyone hears that is said on the channels of older protocols too, and so never changes:
 * all builds stand in one queue, and one that never heard of a newer primary would take it for a candidate
 * that hangs, and rob it (R6).
 */
export type ElectionMessage = Infer<typeof electionSchema>

export const electionSchema = variant('type', electionMessages)
