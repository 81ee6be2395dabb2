import { count, type Infer, list, text, variant } from '../schema.ts'
import { electionMessages } from './election.ts'
import { memberInfoSchema } from './member-info.ts'
import { untilSchema } from './until.ts'

/** On the channel that everyone hears. */
export type EveryoneMessage = Infer<typeof everyoneSchema>

export const everyoneSchema = variant('type', {
  ...electionMessages,
  /** Nothing can commit before `until`, in the primary's monotonic and the wall clock (R11). */
  current: { epoch: count, version: count, until: untilSchema },
  roster: { epoch: count, members: list(memberInfoSchema) },
  deleted: { incarnation: text },
  /** A primary on memory storage looks for the most advanced replica (R28). */
  positions: { primary: text },
})
